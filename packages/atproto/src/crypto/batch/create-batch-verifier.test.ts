import { describe, expect, it } from 'vitest'
import { createBatchVerifier, createSigningKey, type SignedMessage } from '../index.ts'

const keys = [createSigningKey('k256'), createSigningKey('p256')]

/** Right ones of both curves, and one of each way to be wrong. */
function samples(count: number): { readonly messages: SignedMessage[]; readonly expected: boolean[] } {
  const messages = Array.from({ length: count }, (_, number): SignedMessage => {
    const key = keys[number % 2]!
    const message = Buffer.from(`message ${number}`)
    const signed = { didKey: key.didKey, message, signature: key.sign(message) }
    if (number % 7 === 3) return { ...signed, message: Buffer.from('another') }
    if (number % 7 === 4) return { ...signed, signature: signed.signature.subarray(1) }
    if (number % 7 === 5) return { ...signed, didKey: 'did:key:zNoKeyAtAll' }
    return signed
  })
  return { messages, expected: messages.map((_, number) => ![3, 4, 5].includes(number % 7)) }
}

describe.each([0, 1, 2])('a verifier with %i threads', (threads) => {
  it('says of each what it is, in order, however many there are', async () => {
    await using verifier = createBatchVerifier({ threads })
    for (const count of [0, 1, 63, 64, 65, 300]) {
      const { messages, expected } = samples(count)
      expect(await verifier.verify(messages)).toEqual(expected)
    }
  })

  it('takes several batches at once, and ends when they are done', async () => {
    const verifier = createBatchVerifier({ threads })
    const { messages, expected } = samples(150)
    const both = [verifier.verify(messages), verifier.verify(messages.toReversed())]
    await verifier.close()
    expect(await Promise.all(both)).toEqual([expected, expected.toReversed()])
    await expect(verifier.verify(messages)).rejects.toMatchObject({ code: 'CORE_WORKERS_CLOSED' })
  })

  it('stops with its signal', async () => {
    await using verifier = createBatchVerifier({ threads })
    const stop = new AbortController()
    const verifying = verifier.verify(samples(300).messages, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(verifying).rejects.toThrow('enough')
    await expect(verifier.verify([], { signal: stop.signal })).rejects.toThrow('enough')
  })
})

it('refuses a number of threads that is none', () => {
  expect(() => createBatchVerifier({ threads: -1 })).toThrow(
    expect.objectContaining({ code: 'CORE_WORKERS_OPTION_INVALID' }),
  )
})
