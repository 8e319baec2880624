import { httpErrors } from '../errors.ts'
import { collectIncoming, incomingStream, type BodyLimits } from './incoming-body.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { NodeHeaders } from './node-headers.ts'
import type { RequestTarget } from './request-target.ts'

/**
 * A `Request` over Node's own objects. Nothing of it exists before it is asked for: not the headers, the stream of the
 * body, nor the signal. `toNodeHandler` puts `Request.prototype` behind it, so that `instanceof Request` holds; what
 * needs a request of the platform, such as `fetch(request)`, takes `request.clone()`.
 */
export class NodeRequest {
  readonly #incoming: Incoming
  readonly #outgoing: Outgoing
  readonly #target: RequestTarget
  readonly #trustedProxies: number
  #headers: Headers | undefined
  #body: ReadableStream<Uint8Array<ArrayBuffer>> | undefined
  #taken = false
  #controller: AbortController | undefined
  #native: Request | undefined

  constructor(incoming: Incoming, outgoing: Outgoing, target: RequestTarget, trustedProxies: number) {
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#target = target
    this.#trustedProxies = trustedProxies
  }

  /** The request behind a `Request`, if it is one of these. */
  static of(request: Request): NodeRequest | undefined {
    return #incoming in request ? (request as NodeRequest) : undefined
  }

  /** Path and query. */
  get target(): string {
    return this.#target.path
  }

  /** The client's address: the socket's, or the one that the outermost trusted proxy saw. */
  get clientAddress(): string | undefined {
    if (this.#trustedProxies > 0) {
      const seen = (this.headers.get('x-forwarded-for') ?? '').split(',').map((address) => address.trim())
      const address = seen.at(-this.#trustedProxies) ?? seen[0]
      if (address !== undefined && address !== '') return address
    }
    return this.#incoming.socket?.remoteAddress
  }

  /** One header by its lower-case name, without making a `Headers`. */
  header(name: string): string | undefined {
    if (this.#headers !== undefined) return this.#headers.get(name) ?? undefined
    const { headers } = this.#incoming
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined
    return typeof value === 'object' ? value.join(', ') : value
  }

  get method(): string {
    return this.#incoming.method ?? 'GET'
  }

  get url(): string {
    return this.#target.origin + this.#target.path
  }

  get headers(): Headers {
    return (this.#headers ??= new NodeHeaders(this.#incoming.headers) as unknown as Headers)
  }

  /** Aborts when the client closes the connection before the answer is complete. */
  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal
    const controller = (this.#controller = new AbortController())
    const outgoing = this.#outgoing
    const abort = (): void => {
      if (!outgoing.writableFinished) controller.abort(httpErrors.CORE_HTTP_CLIENT_GONE())
    }
    if (outgoing.closed || outgoing.destroyed) abort()
    else outgoing.once('close', abort)
    return controller.signal
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (this.#native !== undefined) return this.#native.body
    if (!this.#hasBody()) return null
    return (this.#body ??= incomingStream(this.#incoming))
  }

  get bodyUsed(): boolean {
    if (this.#native !== undefined) return this.#native.bodyUsed
    return this.#taken || (this.#body !== undefined && this.#body.locked)
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#collect()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = await this.#collect()
    return buffer.slice(byteOffset, byteOffset + byteLength)
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#collect())
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  async blob(): Promise<Blob> {
    return await this.#platformRequest().blob()
  }

  async formData(): Promise<FormData> {
    return await this.#platformRequest().formData()
  }

  clone(): Request {
    return this.#platformRequest().clone()
  }

  /**
   * The whole body, within limits.
   *
   * @returns undefined when somebody looked at the body as a stream already: it is to be read from there.
   */
  collectWithin(limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> | undefined {
    return this.#native === undefined && this.#body === undefined ? this.#collect(limits) : undefined
  }

  /** For `console.log`: no more than can be told without touching the body. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return { method: this.method, url: this.url, headers: this.headers }
  }

  get isHistoryNavigation(): boolean {
    return false
  }

  get isReloadNavigation(): boolean {
    return false
  }

  get cache(): string {
    return 'default'
  }

  get credentials(): string {
    return 'same-origin'
  }

  get destination(): string {
    return ''
  }

  get duplex(): string {
    return 'half'
  }

  get integrity(): string {
    return ''
  }

  get keepalive(): boolean {
    return false
  }

  get mode(): string {
    return 'cors'
  }

  get redirect(): string {
    return 'follow'
  }

  get referrer(): string {
    return 'about:client'
  }

  get referrerPolicy(): string {
    return ''
  }

  async #collect(limits?: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
    if (this.bodyUsed) throw httpErrors.CORE_HTTP_BODY_USED()
    if (this.#native !== undefined) return new Uint8Array(await this.#native.arrayBuffer())
    if (this.#body !== undefined) return new Uint8Array(await new Response(this.#body).arrayBuffer())
    this.#taken = true
    return this.#hasBody() ? await collectIncoming(this.#incoming, limits) : new Uint8Array()
  }

  #hasBody(): boolean {
    const { headers, httpVersionMajor, complete } = this.#incoming
    if (this.method === 'GET' || this.method === 'HEAD') return false
    if (httpVersionMajor >= 2) return !complete || headers['content-length'] !== undefined
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  }

  /** From here on the platform's request owns the body. */
  #platformRequest(): Request {
    if (this.#native !== undefined) return this.#native
    if (this.bodyUsed) throw httpErrors.CORE_HTTP_BODY_USED()
    const { method, url, signal, body } = this
    const headers = new Headers([...this.headers])
    return (this.#native = new Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit))
  }
}
