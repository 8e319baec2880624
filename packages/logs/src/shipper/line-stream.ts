/** What a {@link LineStream} writes to. */
interface LineTarget {
  write(line: string): unknown
  flushSync(): void
}

/** A destination in the shape that pino takes: each call of `write` is one line. */
export interface LineStream {
  /** By this pino tells a destination from its options. */
  readonly writable: true
  write(line: string): boolean
  /** pino calls it before a fatal line ends the process. */
  flushSync(): void
  /** Never ends: the shipper is closed by who made it. */
  end(): void
}

/** The shipper as a destination. */
export function lineStream(target: LineTarget): LineStream {
  return {
    writable: true,
    write(line) {
      target.write(line)
      return true
    },
    flushSync: () => target.flushSync(),
    end() {},
  }
}
