// The Transport port: whatever carries datagrams between a player and a sequencer.

/** Why there is no carrier now. `final`: no other one will come, and the transport is done. */
export interface Closing {
  /** A WebSocket close code; the ones we send are in `closing.ts`. */
  code: number;
  /** Words for a person; may be empty. */
  reason: string;
  final: boolean;
}

export interface TransportListener {
  /** A carrier is ready: the first one, or another one after a loss. The other side does not know it yet. */
  opened(): void;
  /** One datagram came. Its bytes are borrowed during the call. */
  received(bytes: Uint8Array): void;
  /** The carrier is gone, and all that was under way in it. */
  closed(closing: Closing): void;
}

/**
 * The weakest contract that everything can keep: datagrams of at most 1200 bytes, which may be lost, doubled or
 * reordered, but not altered: a carrier that has no check (raw UDP) adds one of 32 bits. Whoever sends repeats what matters.
 */
export interface Transport {
  /** Names the one listener. Nothing is told before, and a transport that is listened to calls `opened` when it is. */
  listen(listener: TransportListener): void;
  /** Sends one datagram, or drops it while there is no carrier. The bytes are borrowed: a carrier that keeps them copies. */
  send(bytes: Uint8Array): void;
  /** Streams that the datagrams take in turn; without it one. What one of them holds up, the next one carries. */
  readonly stripes?: number;
  /** Gives the carrier up, after what was sent. The listener hears nothing more. */
  close(): void;
}
