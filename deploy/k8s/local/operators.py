"""The pods of the overlay `prod`, with what a cluster would bring made here: certificates in place of
cert-manager's, secrets by name, one PostgreSQL and one NATS that speak TLS."""

import base64
import copy
import subprocess

import grpc

from objects import Objects

STORES = {"postgres": "postgres-rw", "nats": "nats"}
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.openssl("req", "-x509", "-subj", "/CN=ieum-ca", "-days", "2", *CURVE, "-keyout", "ca.key", "-out", "ca.crt")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def certificate(self, name, names):
        """What cert-manager writes into a secret."""
        (self.folder / "names").write_text("subjectAltName=" + ",".join(names) + "\n")
        self.openssl("req", "-new", "-subj", f"/CN={name}", *CURVE, "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", "2", "-extfile", "names", "-out", f"{name}.crt")
        return {"tls.crt": self.read(f"{name}.crt"), "tls.key": self.read(f"{name}.key"), "ca.crt": self.read("ca.crt")}

    def read(self, name):
        return (self.folder / name).read_text()


def secret(name, content):
    data = {key: base64.b64encode(value.encode()).decode() for key, value in content.items()}
    return {"kind": "Secret", "metadata": {"name": name}, "data": data}


def objects_of(place):
    """prod's own objects, and of dev only the stores and the secrets."""
    prod, dev = Objects(place / "rendered/prod.yaml"), Objects(place / "rendered/dev.yaml")
    authority = Authority(place / "authority")
    for item in prod.kind("Certificate"):
        spec = item["spec"]
        if not spec.get("isCA"):
            names = [f"DNS:{name}" for name in spec["dnsNames"]] + [f"URI:{uri}" for uri in spec.get("uris", [])]
            prod.all.append(secret(spec["secretName"], authority.certificate(item["metadata"]["name"], names)))
    authority.certificate("caller", ["DNS:caller"])
    prod.all.append(secret("postgres-tls", authority.certificate("postgres", [f"DNS:{STORES['postgres']}"])))
    prod.all += [secret(name, {"ca.crt": authority.read("ca.crt")}) for name in ("ieum-ca", "postgres-ca")]
    for item in dev.kind("Secret"):
        name = item["metadata"]["name"]
        content = dev.secret(name)
        # By the name that the manifests say, and by the one that kustomize gave.
        prod.all += [secret(name.rpartition("-")[0], content), secret(name, content)]
    have = {item["metadata"]["name"] for item in prod.kind("ConfigMap")}
    prod.all += [item for item in dev.kind("ConfigMap") if item["metadata"]["name"] not in have]
    prod.all += [item for item in dev.kind("Service") if item["metadata"]["name"] in STORES.values()]
    prod.all += [with_tls(item, prod) for item in dev.kind("StatefulSet")]
    for item in prod.kind("Deployment", "Job"):
        for container in item["spec"]["template"]["spec"]["containers"]:
            container["image"] = local_image(container["image"])
    return prod


def local_image(image):
    name = image.partition("@")[0]
    return f"{name}:dev" if name.startswith("ieum/") else "ieum/dev-servers:dev"


def with_tls(store, objects):
    store = copy.deepcopy(store)
    name, pod = store["metadata"]["name"], store["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    pod["volumes"].append({"name": "tls", "secret": {"secretName": f"{name}-tls"}})
    container["volumeMounts"].append({"name": "tls", "mountPath": "/etc/tls", "readOnly": True})
    if name == "postgres":
        config = next(item for item in objects.kind("ConfigMap") if "start-postgres.sh" in item["data"])
        config["data"]["start-postgres.sh"] = config["data"]["start-postgres.sh"].replace(
            "-c 'listen_addresses=*'", "-c 'listen_addresses=*' -c ssl=on -c ssl_cert_file=/etc/tls/tls.crt "
            "-c ssl_key_file=/etc/tls/tls.key").replace("host all all all scram", "hostssl all all all scram")
    else:
        config = next(item for item in objects.kind("ConfigMap") if "nats.conf" in item["data"])
        config["data"]["nats.conf"] += (
            '\ntls { cert_file: "/etc/tls/tls.crt", key_file: "/etc/tls/tls.key", ca_file: "/etc/tls/ca.crt", verify: true }\n')
    return store


def answer(address, credentials):
    with grpc.secure_channel(f"{address}:50051", credentials,
                             [("grpc.ssl_target_name_override", "registry-headless")]) as channel:
        try:
            channel.unary_unary("/ieum.registry.v1.OrganizationService/ListOrganizations")(b"", timeout=5)
            return "OK"
        except grpc.RpcError as error:
            return error.code().name


def try_operators(node):
    """Ready already; now their doors: who shows no certificate is not let in, who shows one needs a token."""
    folder, registry = node.place / "authority", node.servers()["registry"]

    def asked_as(name):
        authority = (folder / "ca.crt").read_bytes()
        shown = [(folder / f"{name}.{word}").read_bytes() for word in ("key", "crt")] if name else []
        return answer(registry.address, grpc.ssl_channel_credentials(authority, *shown))

    said = [asked_as(name) for name in (None, "caller", "notify-tls")]
    node.say(f"registry, asked without a certificate: {said[0]}; with one and no token: {said[1]}; as notify, for what "
             f"services may not: {said[2]}")
    good = said == ["UNAVAILABLE", "UNAUTHENTICATED", "PERMISSION_DENIED"]
    for service, pod in node.servers().items():
        log = pod.log().read_text(errors="replace")
        troubles = [word for word in ("broker connection error", "database connection refused", "cannot go on") if word in log]
        node.say(f"{service}: {', '.join(troubles) or 'broker and database by TLS'}")
        good = good and not troubles
    return good
