import { clientErrors } from '../errors.ts'

/** Passes bytes on until there are more than allowed. @throws `CORE_CLIENT_RESPONSE_TOO_LARGE` */
export async function* limitBytes(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  origin: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0
  for await (const chunk of bytes) {
    total += chunk.length
    if (total > limit) throw clientErrors.CORE_CLIENT_RESPONSE_TOO_LARGE({ origin, limit })
    yield chunk
  }
}
