"""What the rendered objects say about a pod: environment, files, Services that reach it."""

import base64

import yaml


class Objects:
    def __init__(self, file, tag=None):
        """`tag`: the services' images are of the release that is called so."""
        with open(file, encoding="utf-8") as text:
            self.all = [item for item in yaml.safe_load_all(text) if item]
        for item in self.kind("Deployment", "Job") if tag else []:
            for container in item["spec"]["template"]["spec"]["containers"]:
                name = container["image"].partition(":")[0]
                if name != "ieum/dev-servers":
                    container["image"] = f"{name}:{tag}"

    def kind(self, *kinds):
        return [item for item in self.all if item["kind"] in kinds]

    def find(self, kind, name):
        return next(item for item in self.kind(kind) if item["metadata"]["name"] == name)

    def config(self, name):
        return self.find("ConfigMap", name)["data"]

    def secret(self, name):
        return {key: base64.b64decode(value).decode() for key, value in self.find("Secret", name)["data"].items()}

    def secret_like(self, prefix):
        """By its name before kustomize put a hash to it."""
        names = [item["metadata"]["name"] for item in self.kind("Secret")]
        return self.secret(next(name for name in names if name.rpartition("-")[0] == prefix))

    def environment(self, container):
        found = {}
        for source in container.get("envFrom", []):
            found.update(self.config(source["configMapRef"]["name"]))
        for variable in container.get("env", []):
            if "valueFrom" in variable:
                key = variable["valueFrom"]["secretKeyRef"]
                found[variable["name"]] = self.secret(key["name"])[key["key"]]
            else:
                found[variable["name"]] = variable["value"]
        return found

    @staticmethod
    def expanded(words, environment):
        """$(NAME) in commands, as a cluster puts values there."""
        for name, value in environment.items():
            words = [word.replace(f"$({name})", value) for word in words]
        return words

    def files(self, volume):
        """name → content of a volume that is made of objects; None for one that is a folder."""
        if "configMap" in volume:
            return self.config(volume["configMap"]["name"])
        if "secret" in volume:
            return self.picked(self.secret(volume["secret"]["secretName"]), volume["secret"].get("items"))
        if "projected" not in volume:
            return None
        found = {}
        for source in volume["projected"]["sources"]:
            found.update(self.picked(self.secret(source["secret"]["name"]), source["secret"].get("items")))
        return found

    @staticmethod
    def picked(content, items):
        return {item["path"]: content[item["key"]] for item in items} if items else content

    def names_of(self, labels):
        """Names by which other pods reach one with these labels."""
        return [item["metadata"]["name"] for item in self.kind("Service")
                if item["spec"]["selector"].items() <= labels.items()]


def mebibytes(quantity):
    number, unit = int(quantity[:-2]), quantity[-2:]
    return number * {"Mi": 1, "Gi": 1024}[unit]
