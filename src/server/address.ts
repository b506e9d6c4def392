// Who counts as one address: an IPv4 address, or the /64 that an IPv6 customer gets.

const GROUPS = 8;
const NETWORK_GROUPS = 4;

export function networkOf(address: string): string {
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1); // also ::ffff:192.0.2.1
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeroes = new Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill("0");
  return [...before, ...zeroes, ...after].slice(0, NETWORK_GROUPS).join(":");
}
