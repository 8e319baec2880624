import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import type { RoundTrip } from './round-trip.ts'

/** age's streams with an X25519 identity: the same construction, ChaCha20-Poly1305 over chunks of 64 KiB. */
export async function ageRoundTrip(): Promise<RoundTrip> {
  const identity = await generateIdentity()
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(identity))
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return async (pieces, sink) => {
    const sealed = await encrypter.encrypt(ReadableStream.from(pieces as readonly Uint8Array<ArrayBuffer>[]))
    for await (const piece of await decrypter.decrypt(sealed)) sink(piece)
  }
}
