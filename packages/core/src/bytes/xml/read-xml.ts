import type { XmlEvent } from './xml-event.ts'
import type { XmlLimits } from './xml-limits.ts'
import { XmlReader } from './xml-reader.ts'

/** Options of {@link readXml}. */
export interface ReadXmlOptions extends XmlLimits {
  /** Ends the reading: the next step rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The events of a document, as its bytes arrive. See {@link XmlReader} for what is read and refused.
 *
 * @throws `CORE_BYTES_XML_INVALID`, `CORE_BYTES_XML_DOCTYPE`, `CORE_BYTES_XML_LIMIT`, what the source throws, the signal's reason
 * @example
 * ```ts
 * import { readXml } from '@exprsn/core/bytes'
 *
 * const parts = [new TextEncoder().encode('<total currency="EUR">12'), new TextEncoder().encode('.50</total>')]
 * for await (const event of readXml(parts)) {
 *   if (event.kind === 'text') console.log(event.text) // 12.50
 * }
 * ```
 */
export async function* readXml(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal, ...limits }: ReadXmlOptions = {},
): AsyncGenerator<XmlEvent, void, undefined> {
  const reader = new XmlReader(limits)
  for await (const bytes of source) {
    signal?.throwIfAborted()
    yield* reader.push(bytes)
  }
  yield* reader.end()
}
