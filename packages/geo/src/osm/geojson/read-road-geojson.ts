import { checkPosition } from '../../coordinates/index.ts'
import { BlockBuilder } from '../block-builder.ts'
import { osmErrors } from '../errors.ts'
import type { OsmBlock } from '../osm-block.ts'

/** GeoJSON is read as a whole. */
export const largestGeojson = 268_435_456

type Json = Readonly<Record<string, unknown>>

/**
 * The lines of GeoJSON (RFC 7946) as one block of ways: lines meet where their coordinates are equal to the seventh digit.
 * The rings of polygons are lines, too, for that is how roundabouts are often exported. Properties become tags.
 *
 * @param tags what features without a property of that name get
 * @throws `GEO_OSM_GEOJSON_INVALID`, `GEO_POSITION_INVALID`, both naming the place, such as `features[3].geometry.coordinates[0]`
 */
export function readRoadGeojson(text: string, tags: Readonly<Record<string, string>>): OsmBlock {
  const lines = new Lines(tags)
  const root = expectObject(parse(text), 'the document')
  if (root.type === 'FeatureCollection')
    expectArray(root.features, 'features').forEach((feature, index) => lines.addFeature(feature, `features[${index}]`))
  else if (root.type === 'Feature') lines.addFeature(root, 'the document')
  else lines.addGeometry(root, {}, 'the document')
  return lines.take()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('the document', (cause as Error).message, cause)
  }
}

class Lines {
  readonly #builder = new BlockBuilder()
  readonly #defaults: readonly (readonly [string, string])[]
  readonly #nodes = new Map<string, number>()
  #ways = 0

  constructor(tags: Readonly<Record<string, string>>) {
    this.#defaults = Object.entries(tags)
  }

  take(): OsmBlock {
    return this.#builder.take()
  }

  addFeature(value: unknown, where: string): void {
    const { geometry, properties } = expectObject(value, where)
    if (geometry == null) return
    const given = properties == null ? {} : expectObject(properties, `${where}.properties`)
    this.addGeometry(expectObject(geometry, `${where}.geometry`), given, `${where}.geometry`)
  }

  addGeometry({ type, coordinates, geometries }: Json, properties: Json, where: string): void {
    const place = `${where}.coordinates`
    if (type === 'LineString') this.#addLine(coordinates, properties, place)
    else if (type === 'MultiLineString' || type === 'Polygon') this.#addLines(coordinates, properties, place)
    else if (type === 'MultiPolygon')
      expectArray(coordinates, place).forEach((rings, index) => this.#addLines(rings, properties, `${place}[${index}]`))
    else if (type === 'GeometryCollection')
      expectArray(geometries, `${where}.geometries`).forEach((geometry, index) => {
        const part = `${where}.geometries[${index}]`
        // RFC 7946 §3.1.8 advises against collections in collections; without them nothing can be nested deeply.
        const inner = expectObject(geometry, part)
        if (inner.type === 'GeometryCollection') throw invalid(part, 'a collection within a collection')
        this.addGeometry(inner, properties, part)
      })
    else if (type !== 'Point' && type !== 'MultiPoint') throw invalid(where, `the type ${JSON.stringify(type)}`)
  }

  #addLines(lines: unknown, properties: Json, where: string): void {
    expectArray(lines, where).forEach((line, index) => this.#addLine(line, properties, `${where}[${index}]`))
  }

  #addLine(line: unknown, properties: Json, where: string): void {
    const nodes = expectArray(line, where).map((position, index) => this.#nodeAt(position, `${where}[${index}]`))
    this.#builder.addWay(++this.#ways, nodes, this.#tagsOf(properties))
  }

  *#tagsOf(properties: Json): Generator<readonly [string, string], void, undefined> {
    for (const tag of this.#defaults) if (!Object.hasOwn(properties, tag[0])) yield tag
    for (const [key, value] of Object.entries(properties))
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        yield [key, String(value)]
  }

  #nodeAt(position: unknown, where: string): number {
    const [longitude, latitude] = checkPosition(position, where)
    const x = Math.round(longitude * 1e7)
    const y = Math.round(latitude * 1e7)
    const key = `${x} ${y}`
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const id = this.#nodes.size + 1
    this.#nodes.set(key, id)
    this.#builder.addNode(id, x, y)
    return id
  }
}

function expectObject(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(where, 'no object')
  return value as Json
}

function expectArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(where, 'no list')
  return value
}

function invalid(where: string, reason: string, cause?: unknown) {
  return osmErrors.GEO_OSM_GEOJSON_INVALID({ where, reason }, { cause })
}
