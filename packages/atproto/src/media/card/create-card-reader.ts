import { ExprsnError, milliseconds, systemClock, type Clock, type Duration } from '@exprsn/core'
import type { Client, StreamedResponse } from '@exprsn/core/client'
import { mediaErrors } from '../errors.ts'
import type { PageCard } from './link-card.ts'
import { readHead } from './read-head.ts'

/** Options of {@link createCardReader}. */
export interface CardReaderOptions {
  /** The way out; its guard keeps requests, and every redirect, from private addresses. */
  readonly client: Client
  /** For how long a card is kept. @default '1h' */
  readonly keep?: Duration | undefined
  /** Cards that are kept in memory. @default 500 */
  readonly mostKept?: number | undefined
  /** Time for a page, or a picture. @default '5s' */
  readonly timeout?: Duration | undefined
  /** The most bytes of a page that are read: its head is at its beginning. @default 524288 */
  readonly maxPageBytes?: number | undefined
  /** The most bytes of a picture. @default 10485760 */
  readonly maxImageBytes?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Reads what pages say of themselves. */
export interface CardReader {
  /**
   * The card of a page.
   *
   * @throws `ATPROTO_MEDIA_CARD_UNREADABLE`
   */
  read(url: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<PageCard>
  /** The bytes of a card's picture. @throws `ATPROTO_MEDIA_CARD_UNREADABLE` */
  image(url: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Uint8Array>
}

/**
 * Makes a reader of link cards. Of a page its head alone is read, at most half a megabyte of it; what was read is kept for an
 * hour, and those who ask for the same page at the same time share one request.
 *
 * @throws `CORE_DURATION_INVALID`
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { createCardReader } from '@exprsn/atproto/media'
 *
 * await using client = createClient()
 * const cards = createCardReader({ client })
 * const { title, description, image } = await cards.read('https://atproto.com/')
 * console.log(title, description, image)
 * ```
 */
export function createCardReader(options: CardReaderOptions): CardReader {
  return new HeadReader(options)
}

interface Kept {
  readonly until: number
  readonly card: Promise<PageCard>
}

const mostRedirects = 3
/** What one part of a packed page may grow by. */
const spare = 4_194_304
const headEnd = /<\/head[\s>]|<body[\s>]/i
/** No longer than what is looked for. */
const overlap = 7

class HeadReader implements CardReader {
  readonly #options: CardReaderOptions
  readonly #clock: Clock
  readonly #keep: number
  readonly #timeout: number
  readonly #kept = new Map<string, Kept>()

  constructor(options: CardReaderOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#keep = milliseconds(options.keep ?? '1h')
    this.#timeout = milliseconds(options.timeout ?? '5s')
  }

  read(url: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PageCard> {
    const { mostKept = 500 } = this.#options
    const now = this.#clock.now()
    const known = this.#kept.get(url)
    if (known !== undefined && known.until > now) return known.card
    signal?.throwIfAborted()
    // Shared by all who ask: the time limit ends it, not one of them.
    const card = this.#readPage(url)
    this.#kept.delete(url)
    this.#kept.set(url, { until: now + this.#keep, card })
    card.catch(() => {
      // What failed may be there the next time.
      if (this.#kept.get(url)?.card === card) this.#kept.delete(url)
    })
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!)
    return card
  }

  async image(url: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Uint8Array> {
    const { client, maxImageBytes = 10_485_760 } = this.#options
    const settings = { maxRedirects: mostRedirects, timeout: this.#timeout, maxResponseBytes: maxImageBytes, signal }
    try {
      return (await client.request(webAddress(url), { ...settings, headers: { accept: 'image/*' } })).bytes()
    } catch (error) {
      throw unreadable(url, error)
    }
  }

  async #readPage(url: string): Promise<PageCard> {
    const { client, maxPageBytes = 524_288 } = this.#options
    const headers = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.1' }
    try {
      const settings = { headers, maxRedirects: mostRedirects, timeout: this.#timeout }
      await using response = await client.stream(webAddress(url), {
        ...settings,
        maxResponseBytes: maxPageBytes + spare,
      })
      const type = response.headers.get('content-type') ?? ''
      if (type.startsWith('image/')) return { uri: url, title: '', description: '', image: response.url }
      if (!/^(?:text\/html|application\/xhtml\+xml)\b/i.test(type))
        return { uri: url, title: '', description: '', image: undefined }
      const bytes = await beginningOf(response, maxPageBytes)
      return { uri: url, ...readHead(decode(bytes, type), response.url) }
    } catch (error) {
      throw unreadable(url, error)
    }
  }
}

/** Bytes until the head ends, or there are too many of them. */
async function beginningOf(response: StreamedResponse, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  let last = ''
  for await (const part of response.body) {
    parts.push(part)
    length += part.length
    const text = last + Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
    if (length >= most || headEnd.test(text)) break
    last = text.slice(-overlap)
  }
  return Buffer.concat(parts).subarray(0, most)
}

/** In the charset of the header, else that of the page, else UTF-8. */
function decode(bytes: Buffer, type: string): string {
  const named =
    /charset=["']?([\w-]+)/i.exec(type) ??
    /<meta[^>]{0,200}charset=["']?([\w-]+)/i.exec(bytes.toString('latin1', 0, 1_024))
  try {
    return new TextDecoder(named?.[1] ?? 'utf-8').decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}

function webAddress(url: string): string {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  if (!isWeb) throw mediaErrors.ATPROTO_MEDIA_CARD_UNREADABLE({ url, reason: 'it is no address on the web' })
  return url
}

function unreadable(url: string, error: unknown): Error {
  if (ExprsnError.is(error) && error.code === 'ATPROTO_MEDIA_CARD_UNREADABLE') return error
  const reason = ExprsnError.is(error) ? error.message : 'it did not answer'
  return mediaErrors.ATPROTO_MEDIA_CARD_UNREADABLE({ url, reason }, { cause: error })
}
