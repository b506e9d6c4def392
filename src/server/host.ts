// What a server says of where it runs, for reports of a desync to which its own simulation is a party.
import { arch, platform, versions } from "node:process";
import type { HostIdentity } from "../session/evidence/witness.js";

export const HOST: HostIdentity = {
  engine: `v8 ${versions.v8}, node ${versions.node}`,
  platform: `${platform} ${arch}`,
};
