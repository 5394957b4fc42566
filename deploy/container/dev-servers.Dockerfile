# PostgreSQL, NATS and a mail sink in one image, for trying (deploy/k8s/components/dev-servers).
ARG BASE=debian:bookworm-slim
FROM ${BASE}
LABEL org.opencontainers.image.title="ieum dev-servers" \
      org.opencontainers.image.description="PostgreSQL 15, nats-server and a mail sink for trying Ieum"
COPY deploy/container/install-packages.sh deploy/container/dev-servers.txt /tmp/container/
RUN sh /tmp/container/install-packages.sh /tmp/container/dev-servers.txt && rm -r /tmp/container \
 && echo 'ieum:x:65532:65532::/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'ieum:x:65532:' >> /etc/group
COPY --chmod=644 deploy/local/smtp_sink.py /usr/share/ieum/smtp_sink.py
USER 65532:65532
EXPOSE 5432 4222 8222
CMD ["/usr/sbin/nats-server", "--version"]
