import { ExprsnError } from '@exprsn/core'
import { XmlReader, type XmlEvent } from '@exprsn/core/bytes'
import { osmErrors } from '../errors.ts'
import type { OsmBlock } from '../osm-block.ts'
import { XmlItems } from './xml-items.ts'

/** As many as the PBF format recommends. */
const itemsPerBlock = 8_000

/**
 * The blocks of an `.osm` file (OpenStreetMap wiki, "OSM XML"), also of those that editors write: items with
 * `action="delete"` or `visible="false"` are left out.
 *
 * @throws `GEO_OSM_INVALID`, `GEO_OSM_UNSUPPORTED` for files of changes
 */
export async function* readOsmXml(source: AsyncIterable<Uint8Array>): AsyncGenerator<OsmBlock, void, undefined> {
  const reader = new XmlReader()
  const items = new XmlItems()
  for await (const bytes of source) {
    items.addAll(guarded(() => reader.push(bytes)))
    if (items.size >= itemsPerBlock) yield items.take()
  }
  items.addAll(guarded(() => reader.end()))
  if (items.size > 0) yield items.take()
}

function guarded(read: () => XmlEvent[]): XmlEvent[] {
  try {
    return read()
  } catch (cause) {
    if (!ExprsnError.is(cause)) throw cause
    throw osmErrors.GEO_OSM_INVALID({ offset: Number(cause.details.offset), reason: cause.message }, { cause })
  }
}
