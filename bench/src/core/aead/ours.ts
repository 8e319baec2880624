import { createKeyring, generateSecret, openStream, sealStream } from '@exprsn/core/crypto'
import type { RoundTrip } from './round-trip.ts'

/** Our streams, one into the other. */
export function ourRoundTrip(): RoundTrip {
  const keyring = createKeyring({ keys: [{ id: 'bench', secret: generateSecret() }] })
  return async (pieces, sink) => {
    for await (const piece of openStream(sealStream(pieces, { keyring }), { keyring })) sink(piece)
  }
}
