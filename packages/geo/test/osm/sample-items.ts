import { readOsm, type ReadOsmOptions } from '../../src/osm/index.ts'
import { itemsOf, type OsmItems } from './osm-items.ts'

/** One of everything: negative and large ids, corners of the globe, a restriction. */
export const sample: OsmItems = {
  nodes: [
    { id: -7, longitude: 95_200_000, latitude: 471_400_000, tags: [] },
    {
      id: 5_000_000_000,
      longitude: -1_800_000_000,
      latitude: -900_000_000,
      tags: [
        ['name', 'Süd'],
        ['ele', '12'],
      ],
    },
    { id: 2 ** 53 - 1, longitude: 1_800_000_000, latitude: 900_000_000, tags: [] },
  ],
  ways: [
    { id: 12, nodes: [5_000_000_000, -7, 5_000_000_000], tags: [['highway', 'service']] },
    { id: -3, nodes: [], tags: [] },
  ],
  relations: [
    {
      id: 2 ** 33,
      members: [
        { type: 'way', id: 12, role: 'from' },
        { type: 'node', id: -7, role: 'via' },
        { type: 'relation', id: 9, role: '' },
      ],
      tags: [
        ['type', 'restriction'],
        ['restriction', 'no_left_turn'],
      ],
    },
  ],
}

export const empty: OsmItems = { nodes: [], ways: [], relations: [] }

/** The same as an `.osm` file. */
export const sampleXml = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="tests">
  <bounds minlat="-90" minlon="-180" maxlat="90" maxlon="180"/>
  <node id="-7" lat="47.14" lon="9.52" version="1"/>
  <node id="5000000000" lat="-90" lon="-180.0000000"><tag k="name" v="S&#252;d"/><tag k="ele" v="12"/></node>
  <node id="${2 ** 53 - 1}" lat="90" lon="180"/>
  <node id="3" visible="false" version="2"/>
  <way id="12"><nd ref="5000000000"/><nd ref="-7"/><nd ref="5000000000"/><tag k="highway" v="service"/></way>
  <way id="-3"/>
  <way id="-4" action="delete"><nd ref="1"/></way>
  <relation id="${2 ** 33}">
    <member type="way" ref="12" role="from"/><member type="node" ref="-7" role="via"/><member type="relation" ref="9"/>
    <tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/>
  </relation>
</osm>`

export function read(bytes: Uint8Array, options?: ReadOsmOptions): Promise<OsmItems> {
  return itemsOf(readOsm(bytes, options))
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
