import type { StandardSchema } from '../../config/standard-schema.ts'
import type { RawHeaders } from '../transport/dispatcher.ts'
import { decodeText, parseJson, validateJson } from './body-text.ts'
import { headerOf, responseHeaders } from './response-headers.ts'

/** A whole response. */
export interface ClientResponse {
  readonly status: number
  /** Where it came from: after redirects another place than was asked. */
  readonly url: string
  /** As they were sent: `content-length` and `content-encoding` tell of the body on the wire. */
  readonly headers: Headers
  /** The body, unpacked. */
  bytes(): Uint8Array
  /** The body as text, in the charset of its `content-type` (UTF-8 if it names none). */
  text(): string
  /** The body as JSON. @throws `CORE_CLIENT_JSON_INVALID` */
  json(): unknown
  /** The body as JSON, checked by a schema of any library that implements Standard Schema. @throws `CORE_CLIENT_JSON_INVALID` */
  json<Output>(schema: StandardSchema<Output>): Promise<Output>
}

/** A response that has come in full. */
export class BufferedResponse implements ClientResponse {
  readonly status: number
  readonly url: string
  /** @internal */
  readonly rawHeaders: RawHeaders
  readonly #body: Uint8Array
  #headers: Headers | undefined

  constructor(status: number, url: string, rawHeaders: RawHeaders, body: Uint8Array) {
    this.status = status
    this.url = url
    this.rawHeaders = rawHeaders
    this.#body = body
  }

  get headers(): Headers {
    return (this.#headers ??= responseHeaders(this.rawHeaders))
  }

  bytes(): Uint8Array {
    return this.#body
  }

  text(): string {
    return decodeText(this.#body, headerOf(this.rawHeaders, 'content-type'))
  }

  json(): unknown
  json<Output>(schema: StandardSchema<Output>): Promise<Output>
  json(schema?: StandardSchema): unknown {
    const source = { origin: new URL(this.url).origin, contentType: headerOf(this.rawHeaders, 'content-type') }
    if (schema === undefined) return parseJson(this.text(), source)
    return validateJson(() => parseJson(this.text(), source), schema, source)
  }
}
