import { clientErrors } from '../errors.ts'

/**
 * What can be sent. Text, bytes, forms and functions can be sent again, as redirects and retries ask for; a stream is sent
 * once, unless a function opens it anew.
 */
export type RequestBody =
  | string
  | Uint8Array
  | URLSearchParams
  | FormData
  | Blob
  | AsyncIterable<Uint8Array>
  | (() => AsyncIterable<Uint8Array>)

/** A body ready to be sent. */
export interface PreparedBody {
  /** What is sent; a stream anew each time if it can be opened again. */
  open(): string | Uint8Array | AsyncIterable<Uint8Array> | undefined
  readonly repeatable: boolean
  readonly contentType: string | undefined
}

const noBody: PreparedBody = { open: () => undefined, repeatable: true, contentType: undefined }
const bodyless = new Set(['GET', 'HEAD', 'TRACE'])

/** @throws `CORE_CLIENT_BODY_INVALID` */
export async function prepareBody(
  method: string,
  { body, json }: { readonly body?: RequestBody | undefined; readonly json?: unknown },
): Promise<PreparedBody> {
  if (body === undefined && json === undefined) return noBody
  if (body !== undefined && json !== undefined) throw refuse('both body and json were given')
  if (bodyless.has(method)) throw refuse(`a ${method} request has none`)
  if (body === undefined) return fixed(serialise(json), 'application/json')
  if (typeof body === 'string') return fixed(body, 'text/plain;charset=UTF-8')
  if (body instanceof Uint8Array) return fixed(body, undefined)
  if (body instanceof URLSearchParams) return fixed(String(body), 'application/x-www-form-urlencoded;charset=UTF-8')
  if (typeof body === 'function') return { open: () => ownFaults(body()), repeatable: true, contentType: undefined }
  if (Symbol.asyncIterator in body) return once(body)
  return fromPlatform(body)
}

function fixed(content: string | Uint8Array, contentType: string | undefined): PreparedBody {
  return { open: () => content, repeatable: true, contentType }
}

function serialise(value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    throw refuse('json cannot be serialised: it has a cycle or a bigint')
  }
  if (text === undefined) throw refuse('json is a function or a symbol')
  return text
}

function once(body: AsyncIterable<Uint8Array>): PreparedBody {
  return { open: () => ownFaults(body), repeatable: false, contentType: undefined }
}

/** What the host's own stream throws is told apart from what the network does. */
async function* ownFaults(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await nextOf(chunks)
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await chunks.return?.()
  }
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array, unknown>> {
  try {
    return await chunks.next()
  } catch (cause) {
    throw clientErrors.CORE_CLIENT_BODY_FAILED({}, { cause })
  }
}

/** The platform knows how forms and blobs are written, boundary and type included. */
async function fromPlatform(body: FormData | Blob): Promise<PreparedBody> {
  const response = new Response(body)
  const contentType = response.headers.get('content-type') ?? undefined
  return fixed(new Uint8Array(await response.arrayBuffer()), contentType)
}

function refuse(reason: string) {
  return clientErrors.CORE_CLIENT_BODY_INVALID({ reason })
}
