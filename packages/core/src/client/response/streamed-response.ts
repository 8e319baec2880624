import { clientErrors } from '../errors.ts'
import type { RawHeaders } from '../transport/dispatcher.ts'
import { responseHeaders } from './response-headers.ts'

/** A response whose body is still on its way. Read the body to its end, or cancel it: until then it holds a connection. */
export interface StreamedResponse extends AsyncDisposable {
  readonly status: number
  /** Where it came from: after redirects another place than was asked. */
  readonly url: string
  /** As they were sent: `content-length` and `content-encoding` tell of the body on the wire. */
  readonly headers: Headers
  /**
   * The body, unpacked, as it arrives; can be read once. Reading throws what goes wrong underway:
   * `CORE_CLIENT_CONNECTION_LOST`, `CORE_CLIENT_TIMEOUT`, `CORE_CLIENT_RESPONSE_TOO_LARGE`, …
   */
  readonly body: AsyncIterable<Uint8Array>
  /** Gives the body up and frees the connection. */
  cancel(): void
}

/** What a streamed response is made of. */
export interface StreamParts {
  readonly status: number
  readonly url: string
  readonly headers: RawHeaders
  readonly body: AsyncIterable<Uint8Array>
  /** Called once, when the body has ended in any way. */
  readonly release: () => void
}

/** Makes sure that a body is read once, and that its end is noticed whichever way it comes. */
export function streamedResponse({ status, url, headers, body, release }: StreamParts): StreamedResponse {
  let fields: Headers | undefined
  let used = false
  const take = (): AsyncIterable<Uint8Array> => {
    if (used) throw clientErrors.CORE_CLIENT_STREAM_USED()
    used = true
    return body
  }
  const cancel = (): void => {
    used = true
    release()
  }
  return {
    status,
    url,
    get headers() {
      return (fields ??= responseHeaders(headers))
    },
    body: {
      async *[Symbol.asyncIterator]() {
        const bytes = take()
        try {
          yield* bytes
        } finally {
          release()
        }
      },
    },
    cancel,
    [Symbol.asyncDispose]: async () => cancel(),
  }
}
