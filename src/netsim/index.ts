// What a game's own tests import: samestep/netsim.
export { type Conditions, PERFECT, PRESETS } from "./conditions.js";
export { type Deliver, Link, type LinkMode } from "./link.js";
export { Random } from "./random.js";
export {
  type Tamper,
  VirtualMatch,
  type VirtualMatchOptions,
  VirtualPlayer,
  type VirtualPlayerOptions,
} from "./virtual-match.js";
export {
  VirtualMember,
  type VirtualMemberOptions,
  VirtualMembers,
  type VirtualMembersOptions,
} from "./virtual-members.js";
