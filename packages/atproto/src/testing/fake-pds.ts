import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { sleep, systemClock, systemRandom } from '@exprsn/core'
import { fromDataJson, toDataJson, type DataObject, type DataValue } from '../codec/index.ts'
import type { StoredFrame } from './event-log.ts'
import { FakeHost, type FakeHostOptions } from './fake-host.ts'
import { FakeSessions } from './fake-sessions.ts'
import { PlannedFaults, type FakeFault } from './fake-faults.ts'
import { officialLimits, RateLimited, RateLimits, type FakeRateLimits } from './rate-limits.ts'
import { serveSubscription, type FrameFilter } from './subscription.ts'
import { acceptWebSocket, type ServerSocket } from '../http/index.ts'
import { internalError, invalidRequest, XrpcError } from './xrpc-error.ts'
import { XrpcBytes, type XrpcCall, type XrpcMethod } from './xrpc-method.ts'
import { readMethods } from './xrpc-read.ts'
import { sessionMethods } from './xrpc-session.ts'
import { syncMethods } from './xrpc-sync.ts'
import { writeMethods } from './xrpc-write.ts'
import { LocalServer } from './local-server.ts'

const methods: Readonly<Record<string, XrpcMethod>> = {
  ...sessionMethods,
  ...readMethods,
  ...writeMethods,
  ...syncMethods,
}
const streamMethod = 'com.atproto.sync.subscribeRepos'

/** Options of {@link createFakePds}. */
export interface FakePdsOptions extends FakeHostOptions {
  /** The state behind it. @default a new one */
  readonly host?: FakeHost | undefined
  /** What is refused with 429; false for no limits and no headers. @default false */
  readonly rateLimits?: Partial<FakeRateLimits> | boolean | undefined
  /** @default 0: a free one of 127.0.0.1 */
  readonly port?: number | undefined
}

/** A PDS and its directory over HTTP and WebSocket, all in memory. */
export interface FakePds extends AsyncDisposable {
  /** Accounts, repositories and events: tests write there directly, too. */
  readonly host: FakeHost
  readonly sessions: FakeSessions
  /** Base URL. @throws when it has not been started */
  readonly url: string
  /** Base URL of the directory, which the same server answers. */
  readonly plcUrl: string
  /** How often planned faults took effect. */
  readonly hits: Readonly<Record<string, number>>
  /** Streams that are open now. */
  readonly streams: number
  /** Listens. Calling it again does nothing. */
  start(): Promise<void>
  /** Plans a fault for calls to come. */
  plan(fault: FakeFault): void
  /** Changes every frame of the event stream on its way out: leave out, double, hold back, corrupt. */
  filterFrames(filter: FrameFilter): void
  /** Breaks every open stream. */
  dropStreams(): void
  /** Stops listening; the state stays and can be started again. */
  stop(): Promise<void>
  /** The same as {@link FakePds.stop}. */
  close(): Promise<void>
}

/**
 * A PDS in memory, with sessions, writes, blobs, repositories, the event stream and a directory of did:plc documents, and
 * with faults on demand. Its answers are held against the official server by one contract suite.
 *
 * @example
 * ```ts
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test' })
 * const response = await fetch(`${pds.url}/xrpc/com.atproto.identity.resolveHandle?handle=alice.test`)
 * const answer = (await response.json()) as { did: string }
 * console.log(answer.did === did) // true
 * ```
 */
export function createFakePds(options: FakePdsOptions = {}): FakePds {
  return new HttpFake(options)
}

const everyFrame: FrameFilter = ({ bytes }: StoredFrame) => [bytes]

class HttpFake implements FakePds {
  readonly host: FakeHost
  readonly sessions: FakeSessions
  readonly #limits: RateLimits | undefined
  readonly #faults = new PlannedFaults()
  readonly #streams = new Set<ServerSocket>()
  readonly #server: LocalServer
  #filter = everyFrame

  constructor(options: FakePdsOptions) {
    const { rateLimits = false, clock = systemClock, random = systemRandom } = options
    this.#server = new LocalServer({
      port: options.port,
      onRequest: (request, response) => void this.#serve(request, response),
      onUpgrade: (request, socket) => this.#upgrade(request, socket),
    })
    this.host = options.host ?? new FakeHost(options)
    this.sessions = new FakeSessions(random)
    const limits = rateLimits === false ? undefined : { ...officialLimits, ...(rateLimits === true ? {} : rateLimits) }
    this.#limits = limits === undefined ? undefined : new RateLimits(limits, clock)
  }

  get url(): string {
    return this.host.url
  }

  get plcUrl(): string {
    return this.host.url
  }

  get hits(): Readonly<Record<string, number>> {
    return this.#faults.hits
  }

  get streams(): number {
    return this.#streams.size
  }

  async start(): Promise<void> {
    await this.#server.start()
    this.host.url = this.#server.url
  }

  plan(fault: FakeFault): void {
    this.#faults.plan(fault)
  }

  filterFrames(filter: FrameFilter): void {
    this.#filter = filter
  }

  dropStreams(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  stop(): Promise<void> {
    this.dropStreams()
    return this.#server.stop()
  }

  close(): Promise<void> {
    return this.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #upgrade(request: IncomingMessage, socket: Socket): void {
    const url = new URL(request.url!, 'http://localhost')
    if (url.pathname !== `/xrpc/${streamMethod}` || this.#faults.take(streamMethod) !== undefined) {
      socket.destroy()
      return
    }
    const stream = acceptWebSocket(request, socket)
    if (stream === undefined) return
    this.#streams.add(stream)
    void stream.closed.then(() => this.#streams.delete(stream))
    serveSubscription(this.host, stream, url.searchParams.get('cursor'), (frame) => this.#filter(frame))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost')
    const name = /^\/xrpc\/([\w.-]+)$/.exec(url.pathname)?.[1]
    const fault = name === undefined ? undefined : this.#faults.take(name)
    if (fault?.kind === 'drop') return void response.destroy()
    const bytes = await bodyOf(request)
    if (fault?.kind === 'delay') await sleep(fault.milliseconds ?? 100)
    const answer =
      fault?.kind === 'error'
        ? failure(new XrpcError(fault.status ?? 500, 'InternalServerError', 'Internal Server Error'))
        : this.#answer(url, name, request, bytes)
    if (fault?.kind === 'lost-response') return void response.destroy()
    const body = Buffer.from(answer.body)
    if (fault?.kind === 'corrupt') body[Math.floor(body.length / 2)]! ^= 1
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length }).end(body)
  }

  #answer(url: URL, name: string | undefined, request: IncomingMessage, bytes: Uint8Array): Answer {
    if (url.pathname.startsWith('/did')) {
      const { status, body } = this.host.plc.answer(url.pathname)
      return { status, headers: json, body: Buffer.from(JSON.stringify(body)) }
    }
    if (url.pathname === '/.well-known/atproto-did') return this.#wellKnown(request)
    let headers: Readonly<Record<string, string>> = {}
    try {
      const method = methods[name ?? '']
      if (method === undefined) throw new XrpcError(501, 'MethodNotImplemented', 'Method Not Implemented')
      const call = this.#call(url, method, request, bytes)
      method.check?.(call)
      headers = this.#charge(call, method, request)
      if (method.session === true) this.#checkActive(call, name!)
      return success(method.run(call), headers)
    } catch (error) {
      return failure(error, headers)
    }
  }

  #wellKnown({ headers }: IncomingMessage): Answer {
    const did = this.host.plc.resolveHandle(String(headers.host).split(':')[0]!)
    const text = did ?? 'User not found'
    return { status: did === undefined ? 404 : 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) }
  }

  #call(url: URL, { session }: XrpcMethod, { headers }: IncomingMessage, bytes: Uint8Array): XrpcCall {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    const contentType = headers['content-type'] ?? ''
    const input = contentType.startsWith('application/json') && bytes.length > 0 ? inputOf(bytes) : {}
    const { host, sessions } = this
    // Methods without a session do not look at the account.
    const account = session === true ? sessions.require(host, token) : (undefined as never)
    return { host, sessions, params: url.searchParams, input, bytes, contentType, token, account }
  }

  #charge(call: XrpcCall, method: XrpcMethod, { socket }: IncomingMessage): Readonly<Record<string, string>> {
    if (this.#limits === undefined) return {}
    const requests = { window: 'requests', key: String(socket.remoteAddress), points: 1 } as const
    return this.#limits.charge([requests, ...(method.charges?.(call) ?? [])])
  }

  #checkActive({ account }: XrpcCall, name: string): void {
    if (!name.startsWith('com.atproto.repo.') || account.status === 'active') return
    const names = { deactivated: 'AccountDeactivated', takendown: 'AccountTakedown' } as Record<string, string>
    throw new XrpcError(401, names[account.status] ?? 'AccountTakedown', `Account is ${account.status}`)
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const json = { 'content-type': 'application/json' }

function success(output: unknown, headers: Readonly<Record<string, string>>): Answer {
  if (output instanceof XrpcBytes)
    return { status: 200, headers: { ...headers, 'content-type': output.type }, body: output.bytes }
  if (output === undefined) return { status: 200, headers, body: new Uint8Array() }
  return {
    status: 200,
    headers: { ...headers, ...json },
    body: Buffer.from(JSON.stringify(toDataJson(output as DataValue))),
  }
}

function failure(thrown: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const error = thrown instanceof XrpcError ? thrown : internalError()
  const more = error instanceof RateLimited ? error.headers : {}
  const body = Buffer.from(JSON.stringify({ error: error.error, message: error.message }))
  return { status: error.status, headers: { ...headers, ...more, ...json }, body }
}

function inputOf(bytes: Uint8Array): DataObject {
  try {
    return fromDataJson(JSON.parse(Buffer.from(bytes).toString())) as DataObject
  } catch (error) {
    throw invalidRequest(`Request body is not valid: ${String(error)}`)
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
