/** Where the bytes of a segment are: a file, an object, memory. */
export interface SegmentSource {
  /** Stands in errors. */
  readonly name: string
  /** Bytes of the whole segment. */
  readonly size: number
  /** Whether what it reads is nobody else's, so that its memory can be given back when it is not needed any more. */
  readonly givesBytes?: boolean | undefined
  /** Exactly these bytes; a promise where they are far away. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>
}

/** A segment in memory. */
export function memorySource(name: string, bytes: Uint8Array): SegmentSource {
  return { name, size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}
