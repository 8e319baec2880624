import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The roads of Gothenburg with the tags of OpenStreetMap, as GeoJSON: they come with the npm package `geojson-path-finder`. */
export async function gothenburg(): Promise<Uint8Array> {
  const main = createRequire(import.meta.url).resolve('geojson-path-finder')
  for (let folder = dirname(main); folder !== dirname(folder); folder = dirname(folder)) {
    const file = await readFile(join(folder, 'test/large-network.json')).catch(() => undefined)
    if (file !== undefined) return file
  }
  throw new Error(`The road network is not beside ${main}.`)
}
