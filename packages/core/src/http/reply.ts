import { NodeRequest } from './node/node-request.ts'
import { NodeResponse, platformResponse, type PlainAnswer, type ResponseHeaders } from './node/node-response.ts'

/** Status and headers of an answer. */
export interface ReplyOptions {
  /** @default 200; 204 without content */
  readonly status?: number | undefined
  /** Sent beside those that the content needs. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
}

/** Options of {@link replyContent}. */
export interface ReplyContentOptions extends ReplyOptions {
  /** Content type. @default 'text/plain; charset=utf-8', for bytes 'application/octet-stream' */
  readonly type?: string | undefined
}

/** An answer that a handler returns in place of a value: what a `Response` would hold, without the cost of one. */
export class Reply {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly content: string | Uint8Array<ArrayBuffer> | null

  constructor({ status, headers, content }: PlainAnswer) {
    this.status = status
    this.headers = headers
    this.content = content
  }
}

/**
 * An answer in JSON with a status and headers of its own.
 *
 * @param value Anything JSON holds; undefined sends no content.
 * @example
 * ```ts
 * import { createRouter, reply } from '@exprsn/core/http'
 *
 * const router = createRouter()
 * router.route({ method: 'POST', path: '/jobs', handler: () => reply({ id: 'j1' }, { status: 201 }) })
 * const response = await router.fetch(new Request('http://localhost/jobs', { method: 'POST' }))
 * console.log(response.status, await response.json()) // 201 { id: 'j1' }
 * ```
 */
export function reply(value: unknown, { status, headers }: ReplyOptions = {}): Reply {
  if (value === undefined) return new Reply({ status: status ?? 204, headers: lowerCase(headers), content: null })
  const content = JSON.stringify(value)
  return withContent(content, 'application/json', status, headers)
}

/**
 * An answer of text or bytes.
 *
 * @example
 * ```ts
 * import { createRouter, replyContent } from '@exprsn/core/http'
 *
 * const router = createRouter()
 * router.route({ method: 'GET', path: '/robots.txt', handler: () => replyContent('User-agent: *') })
 * console.log(await (await router.fetch(new Request('http://localhost/robots.txt'))).text()) // User-agent: *
 * ```
 */
export function replyContent(content: string | Uint8Array<ArrayBuffer>, options: ReplyContentOptions = {}): Reply {
  const { status, headers, type } = options
  const usual = typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  return withContent(content, type ?? usual, status, headers)
}

/** An answer as the kind of response that its request's host writes best. */
export function responseFor(
  request: Request,
  status: number,
  headers: ResponseHeaders,
  content: PlainAnswer['content'],
): Response {
  const shown = request.method === 'HEAD' ? null : content
  return NodeRequest.of(request) === undefined
    ? platformResponse({ status, headers, content: shown })
    : (new NodeResponse(status, headers, shown) as unknown as Response)
}

function withContent(
  content: string | Uint8Array<ArrayBuffer>,
  type: string,
  status: number | undefined,
  headers: ReplyOptions['headers'],
): Reply {
  const own: ResponseHeaders = {
    'content-type': type,
    'content-length': String(typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength),
  }
  return new Reply({ status: status ?? 200, headers: headers ? Object.assign(own, lowerCase(headers)) : own, content })
}

function lowerCase(headers: ReplyOptions['headers'] = {}): ResponseHeaders {
  const lower: ResponseHeaders = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]!
    lower[name.toLowerCase()] = typeof value === 'string' ? value : [...value]
  }
  return lower
}
