/** Headers as Node takes them: lower-case names. */
export type ResponseHeaders = Record<string, string | string[]>

/** What an answer that nobody has looked into yet consists of. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly content: string | Uint8Array<ArrayBuffer> | null
}

/**
 * A `Response` whose content is at hand, which the Node adapter writes in one piece. It becomes a response of the
 * platform when its headers or its body are asked for; `toNodeHandler` puts `Response.prototype` behind it.
 */
export class NodeResponse {
  readonly #status: number
  readonly #headers: ResponseHeaders
  readonly #content: PlainAnswer['content']
  #native: Response | undefined

  constructor(status: number, headers: ResponseHeaders, content: PlainAnswer['content']) {
    this.#status = status
    this.#headers = headers
    this.#content = content
  }

  /** One of these that nobody has looked into: its parts may be written as they are. */
  static untouched(response: Response): NodeResponse | undefined {
    if (!(#status in response)) return undefined
    const light = response as unknown as NodeResponse
    return light.#native === undefined ? light : undefined
  }

  /** The platform's response behind one of these, or the response itself. */
  static platform(response: Response): Response {
    return #status in response ? (response as unknown as NodeResponse).#platform() : response
  }

  /** The headers as they were given. */
  get plainHeaders(): ResponseHeaders {
    return this.#headers
  }

  get content(): PlainAnswer['content'] {
    return this.#content
  }

  get status(): number {
    return this.#status
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get statusText(): string {
    return ''
  }

  get type(): string {
    return 'default'
  }

  get url(): string {
    return ''
  }

  get redirected(): boolean {
    return false
  }

  get headers(): Headers {
    return this.#platform().headers
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#platform().body
  }

  get bodyUsed(): boolean {
    return this.#native?.bodyUsed ?? false
  }

  clone(): Response {
    return this.#platform().clone()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return await this.#platform().arrayBuffer()
  }

  async blob(): Promise<Blob> {
    return await this.#platform().blob()
  }

  async bytes(): Promise<Uint8Array> {
    return await this.#platform().bytes()
  }

  async formData(): Promise<FormData> {
    return await this.#platform().formData()
  }

  async json(): Promise<unknown> {
    return await this.#platform().json()
  }

  async text(): Promise<string> {
    return await this.#platform().text()
  }

  #platform(): Response {
    return (this.#native ??= platformResponse({ status: this.#status, headers: this.#headers, content: this.#content }))
  }
}

/** The answer as a response of the platform. */
export function platformResponse({ status, headers, content }: PlainAnswer): Response {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers))
    for (const one of typeof value === 'string' ? [value] : value) list.append(name, one)
  return new Response(content, { status, headers: list })
}
