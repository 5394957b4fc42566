"""What an image is made of, as CycloneDX 1.5: sbom.py ROOTFS.tar SERVICE VERSION PROGRAM > FILE

Every Debian package of the base with its version, and the program with its hash. No date and no random
number: the same image has the same list.
"""

import hashlib
import json
import sys
import tarfile
import uuid


def packages(rootfs):
    with tarfile.open(rootfs) as archive:
        status = archive.extractfile("./var/lib/dpkg/status").read().decode("utf-8")
    for paragraph in status.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines()
                      if ": " in line and not line.startswith(" "))
        if fields.get("Status", "").endswith(" installed"):
            yield fields


def component(fields):
    name, version, arch = fields["Package"], fields["Version"], fields["Architecture"]
    quoted = version.replace("+", "%2B").replace(":", "%3A").replace("~", "~")
    purl = f"pkg:deb/debian/{name}@{quoted}?arch={arch}&distro=debian-12"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "supplier": {"name": fields.get("Maintainer", "")}}


def main():
    rootfs, service, version, program = sys.argv[1:]
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    parts = sorted((component(fields) for fields in packages(rootfs)), key=lambda part: part["purl"])
    subject = {"type": "application", "bom-ref": f"ieum-{service}", "name": f"ieum-{service}",
               "version": version, "hashes": [{"alg": "SHA-256", "content": digest}]}
    seed = json.dumps([subject, parts], sort_keys=True)
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
               "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, seed)}",
               "metadata": {"component": subject}, "components": parts,
               "dependencies": [{"ref": subject["bom-ref"],
                                 "dependsOn": [part["bom-ref"] for part in parts]}]},
              sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
