import { createKeyring, generateSecret, openStream, sealStream, type PieceMemoryOptions } from '@exprsn/core/crypto'
import type { RoundTrip } from './round-trip.ts'

/** Our streams, one into the other. */
export function ourRoundTrip({ release }: PieceMemoryOptions = {}): RoundTrip {
  const keyring = createKeyring({ keys: [{ id: 'bench', secret: generateSecret() }] })
  return async (pieces, sink) => {
    const sealed = sealStream(pieces, { keyring, release })
    for await (const piece of openStream(sealed, { keyring, release })) sink(piece)
  }
}
