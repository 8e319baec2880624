import type { Clock } from '../../clock/clock.ts'
import { httpErrors } from '../errors.ts'
import type { Incoming } from './incoming.ts'

/** Limits of a body that is read as a whole. */
export interface BodyLimits {
  /** Most bytes. */
  readonly limit: number
  /** Most milliseconds until it is complete. */
  readonly timeout: number
  readonly clock: Clock
}

/** Most bytes that a stream holds before the socket is paused. */
const highWaterMark = 65_536

/**
 * The whole body of a Node request.
 *
 * @throws `CORE_HTTP_BODY_TOO_LARGE`, `CORE_HTTP_BODY_TIMEOUT`, `CORE_HTTP_CLIENT_GONE`
 */
export async function collectIncoming(incoming: Incoming, limits?: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  if (limits !== undefined && declared > limits.limit) throw tooLarge(limits)
  const parsed = parsedBefore(incoming)
  if (parsed !== undefined) {
    if (limits !== undefined && parsed.byteLength > limits.limit) throw tooLarge(limits)
    return parsed
  }
  return await new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    const timer = limits?.clock.setTimer(
      () => fail(httpErrors.CORE_HTTP_BODY_TIMEOUT({ limit: limits.timeout })),
      limits.timeout,
      { background: true },
    )
    const onData = (chunk: Uint8Array): void => {
      size += chunk.byteLength
      if (limits !== undefined && size > limits.limit) fail(tooLarge(limits))
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      settle()
      const [first] = chunks
      resolve(bytesOf(chunks.length === 1 ? first! : Buffer.concat(chunks)))
    }
    const onClose = (): void => fail(httpErrors.CORE_HTTP_CLIENT_GONE())
    function fail(error: Error): void {
      settle()
      incoming.pause()
      reject(error)
    }
    function settle(): void {
      timer?.cancel()
      incoming.off('data', onData)
      incoming.off('end', onEnd)
      incoming.off('close', onClose)
      incoming.off('error', onClose)
    }
    if (incoming.destroyed && !incoming.readableEnded) return onClose()
    incoming.on('end', onEnd)
    incoming.on('close', onClose)
    incoming.on('error', onClose)
    incoming.on('data', onData)
  })
}

/** The body as a stream that reads from the socket no faster than it is read itself. */
export function incomingStream(incoming: Incoming): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parsed = parsedBefore(incoming)
  let ended = false
  let onData = (_: Uint8Array): void => {}
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        if (parsed !== undefined) {
          if (parsed.byteLength > 0) controller.enqueue(parsed)
          return controller.close()
        }
        const end = (error?: Error): void => {
          if (ended) return
          ended = true
          if (error === undefined) controller.close()
          else controller.error(error)
        }
        incoming.pause()
        onData = (chunk) => {
          controller.enqueue(bytesOf(chunk))
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
        }
        incoming.on('data', onData)
        incoming.on('end', () => end())
        incoming.on('close', () => end(httpErrors.CORE_HTTP_CLIENT_GONE()))
        incoming.on('error', () => end(httpErrors.CORE_HTTP_CLIENT_GONE()))
        if (incoming.destroyed) end(httpErrors.CORE_HTTP_CLIENT_GONE())
      },
      pull() {
        incoming.resume()
      },
      cancel() {
        ended = true
        incoming.off('data', onData)
        incoming.pause()
      },
    },
    { highWaterMark, size: (chunk) => chunk.byteLength },
  )
}

/** A body that a parser of the host has taken already: what it kept, or what it made of it as JSON. */
function parsedBefore({ rawBody, body, readableEnded }: Incoming): Uint8Array<ArrayBuffer> | undefined {
  if (rawBody instanceof Uint8Array) return bytesOf(rawBody)
  if (!readableEnded) return undefined
  if (body instanceof Uint8Array) return bytesOf(body)
  if (body === undefined) return new Uint8Array()
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Buffers of the socket are never shared; only the type has to be narrowed. */
function bytesOf(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength)
}

function tooLarge({ limit }: BodyLimits) {
  return httpErrors.CORE_HTTP_BODY_TOO_LARGE({ limit })
}
