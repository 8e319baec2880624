import { milliseconds, systemClock, systemRandom, type Clock, type Duration, type Random } from '@exprsn/core'
import { identityErrors } from '../errors.ts'
import { decodeTxtResponse, encodeTxtQuery, type TxtResponse } from './dns-message.ts'
import { exchangeDatagram, type NameServer } from './exchange-datagram.ts'
import { exchangeStream } from './exchange-stream.ts'

/** The TXT records of a name. */
export interface TxtAnswer {
  /** Empty when the name has none, or does not exist. */
  readonly records: readonly string[]
  /** Seconds for which the answer may be kept. */
  readonly ttl: number
}

/** Gives the TXT records of a name. @throws `ATPROTO_DNS_FAILED` when no server says anything about it */
export type TxtResolver = (name: string, options?: { readonly signal?: AbortSignal | undefined }) => Promise<TxtAnswer>

/** Options of {@link createTxtResolver}. */
export interface TxtResolverOptions {
  /** Addresses with or without a port: `['9.9.9.9', '[2620:fe::fe]:53']`. @default those of the operating system */
  readonly servers?: readonly string[] | undefined
  /** For one question to one server. @default '2s' */
  readonly timeout?: Duration | undefined
  /** How often every server is asked. @default 2 */
  readonly rounds?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** RFC 1035: the name does not exist. */
const noSuchName = 3

/**
 * A resolver for TXT records that also tells how long they hold, which Node's own does not. It asks the recursive servers
 * of the machine over UDP, and over TCP where an answer is long.
 *
 * @example
 * ```ts no-run
 * import { createTxtResolver } from '@exprsn/atproto/identity'
 *
 * const resolveTxt = createTxtResolver({ servers: ['9.9.9.9'] })
 * console.log(await resolveTxt('_atproto.bsky.app')) // { records: [ 'did=did:plc:z72i7hdynmk6r22z27h6tvur' ], ttl: 300 }
 * ```
 */
export function createTxtResolver(options: TxtResolverOptions = {}): TxtResolver {
  const { rounds = 2, clock = systemClock, random = systemRandom } = options
  const limit = milliseconds(options.timeout ?? '2s')
  return async (name, { signal } = {}) => {
    const servers = (options.servers ?? (await systemServers())).map(parseServer)
    let problem: unknown = 'there is no name server'
    for (let round = 0; round < rounds; round++)
      for (const server of servers) {
        signal?.throwIfAborted()
        try {
          const answer = await within(limit, clock, signal, (inTime) => ask(server, name, random, inTime))
          if (answer.code === 0 || answer.code === noSuchName) return { records: answer.records, ttl: answer.ttl }
          problem = `the server answers with code ${answer.code}`
        } catch (error) {
          signal?.throwIfAborted()
          problem = error
        }
      }
    const reason = problem instanceof Error ? problem.message : problem
    throw identityErrors.ATPROTO_DNS_FAILED({ name, reason }, { cause: problem })
  }
}

async function ask(server: NameServer, name: string, random: Random, signal: AbortSignal): Promise<TxtResponse> {
  const { id, bytes } = encodeTxtQuery(name, random)
  const accept = (answer: Uint8Array): TxtResponse | undefined => decodeTxtResponse(answer, name, id)
  const answer = await exchangeDatagram(server, bytes, accept, signal)
  return answer.truncated ? exchangeStream(server, bytes, accept, signal) : answer
}

/** Runs with a signal that aborts when the time is over or the caller gives up. */
async function within<Result>(
  limit: number,
  clock: Clock,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController()
  const timer = clock.setTimer(() => late.abort(new Error(`no answer within ${limit} ms`)), limit)
  try {
    return await run(signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]))
  } finally {
    timer.cancel()
  }
}

async function systemServers(): Promise<readonly string[]> {
  const { getServers } = await import('node:dns')
  return getServers()
}

/** Node writes an address alone, or with a port that is not 53: `127.0.0.1:5353`, `[::1]:5353`. */
function parseServer(text: string): NameServer {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  return { address: bracketed ?? plain ?? text, port: Number(port ?? 53) }
}
