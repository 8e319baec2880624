import { ExprsnError, silentLogger, type Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { BatchTasks } from './batch.worker.ts'
import { verifyAll, type SignedMessage } from './verify-all.ts'

/** Signatures that go to a thread together: some milliseconds of work, for some hundredths of one to hand them over. */
const share = 64

/** Options of {@link createBatchVerifier}. */
export interface BatchVerifierOptions {
  /** Threads at most; with 0 signatures are verified in this one. @default processors − 1, at least 1 */
  readonly threads?: number | undefined
  /** Told when there are no threads. @default silentLogger */
  readonly logger?: Logger | undefined
}

/** Verifies many signatures beside the event loop. Made by {@link createBatchVerifier}. */
export interface BatchVerifier extends AsyncDisposable {
  /**
   * Whether each message is signed by its key, in the same order. false, too, for what is no key.
   *
   * @throws the signal's reason, `CORE_WORKERS_CLOSED`
   */
  verify(
    messages: readonly SignedMessage[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly boolean[]>
  /** Lets what was given finish, then ends the threads. */
  close(): Promise<void>
}

/**
 * Verifies signatures in worker threads, 64 at a time: for archives of commits, logs of identities and streams whose
 * signatures would take more than one processor. Where the worker's file cannot be loaded, as in some bundles, it is done here.
 *
 * @throws `CORE_WORKERS_OPTION_INVALID`
 * @example
 * ```ts
 * import { createBatchVerifier, createSigningKey } from '@exprsn/atproto/crypto'
 *
 * const key = createSigningKey('k256')
 * const message = new TextEncoder().encode('hello')
 * const signed = { didKey: key.didKey, message, signature: key.sign(message) }
 * await using verifier = createBatchVerifier({ threads: 1 })
 * console.log(await verifier.verify([signed, { ...signed, message: new Uint8Array(1) }])) // [ true, false ]
 * ```
 */
export function createBatchVerifier(options: BatchVerifierOptions = {}): BatchVerifier {
  const { threads, logger = silentLogger } = options
  const pool = createWorkerPool<BatchTasks>({ entry: workerEntry(import.meta.url, './batch.worker.ts'), threads })
  let isLost = false

  async function verifyShare(messages: readonly SignedMessage[], signal: AbortSignal | undefined): Promise<boolean[]> {
    if (isLost) return verifyAll(messages)
    try {
      return await pool.run('verify', messages, { signal })
    } catch (error) {
      if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
      if (!isLost) logger.warn({ err: error }, 'Signatures are verified without worker threads')
      isLost = true
      return verifyAll(messages)
    }
  }

  const close = (): Promise<void> => pool.close()
  return {
    async verify(messages, { signal } = {}) {
      signal?.throwIfAborted()
      const shares: Promise<boolean[]>[] = []
      for (let at = 0; at < messages.length; at += share)
        shares.push(verifyShare(messages.slice(at, at + share), signal))
      return (await Promise.all(shares)).flat()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
