// The carriers, for programs that choose their own.
export { memoryPair } from "./memory.js";
export { RELAY_SEATS_MAX, Relay, type RelayListener, type RelayOptions } from "./relay.js";
export { playUrl, relayUrl } from "./room-code.js";
export { type SimulatedOptions, SimulatedTransport } from "./simulated.js";
export type { Socket, SocketConstructor } from "./stripe.js";
export type { Closing, Transport, TransportListener } from "./transport.js";
export { type WebSocketOptions, WebSocketTransport } from "./websocket.js";
