"""The few words of podman that a node needs: images of build/images/storage, all else in one folder."""

import json
import pathlib
import subprocess


class Podman:
    def __init__(self, storage, driver, place):
        self.place = pathlib.Path(place)
        (self.place / "tmp").mkdir(parents=True)
        # Containers in a store of their own, on the images of the other, which is only read.
        self.command = ["podman", "--root", str(self.place / "root"), "--runroot", str(self.place / "run"),
                        "--storage-driver", driver, "--storage-opt", f"{driver}.imagestore={storage}",
                        "--tmpdir", str(self.place / "tmp"), "--network-config-dir", str(self.place / "net"),
                        "--log-level", "error"]

    def __call__(self, *arguments, check=True, **more):
        done = subprocess.run([*self.command, *arguments], capture_output=True, text=True, check=False, **more)
        if check and done.returncode != 0:
            raise RuntimeError(f"podman {' '.join(arguments[:3])}…: {done.stderr.strip()}")
        return done.stdout.strip() if check else done

    def address(self, container):
        networks = json.loads(self("inspect", container))[0]["NetworkSettings"]["Networks"]
        return next(iter(networks.values()))["IPAddress"]

    def state(self, container):
        """(running, exit code)"""
        state = json.loads(self("inspect", container))[0]["State"]
        return state["Running"], state["ExitCode"]

    def remove_everything(self):
        self("rm", "--all", "--force", "--depend", "--time", "10", check=False)
        self("network", "prune", "--force", check=False)
