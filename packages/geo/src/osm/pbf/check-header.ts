import { osmErrors } from '../errors.ts'
import { Fields } from './fields.ts'

/** What a reader must understand to read a file (osmformat.proto, `HeaderBlock.required_features`). */
const understood = new Set(['OsmSchema-V0.6', 'DenseNodes'])
const requiredFeatures = 4

/**
 * Refuses a file that asks for more than is understood: the one feature in use is `HistoricalInformation`, files of all
 * versions of everything.
 *
 * @throws `GEO_OSM_UNSUPPORTED`, `GEO_OSM_INVALID`
 */
export function checkHeader(bytes: Uint8Array, offset: number): void {
  const fields = new Fields(bytes, offset).enter(0, bytes.length)
  while (fields.next()) {
    if (fields.field !== requiredFeatures || fields.wireType !== 2) continue
    const feature = Buffer.from(bytes.subarray(fields.from, fields.end)).toString()
    if (!understood.has(feature)) throw osmErrors.GEO_OSM_UNSUPPORTED({ feature })
  }
}
