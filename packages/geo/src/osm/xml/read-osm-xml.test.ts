import { sharedData } from '@exprsn/real-servers/shared-data'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { itemsOf } from '../../../test/osm/osm-items.ts'
import { pieces, read, sample, sampleXml as xml, utf8 } from '../../../test/osm/sample-items.ts'
import { readOsm } from '../read-osm.ts'

/** Tests of real extracts are skipped where the shared data is absent. */
const shared = sharedData('geo/osm')

describe('readOsm of XML', () => {
  it('takes what it takes from PBF, packed or not, in any pieces', async () => {
    expect(await read(utf8(xml))).toEqual(sample)
    expect(await read(gzipSync(xml))).toEqual(sample)
    expect(await read(Buffer.concat([gzipSync(xml.slice(0, 300)), gzipSync(xml.slice(300))]))).toEqual(sample)
    expect(await itemsOf(readOsm(pieces(utf8(xml), 5)))).toEqual(sample)
    expect(await itemsOf(readOsm(pieces(gzipSync(xml), 5)))).toEqual(sample)
  })

  it.each([
    ['<osm><node id="1" lat="91" lon="0"/></osm>', 'lat="91"'],
    ['<osm><node id="1" lat="NaN" lon="0"/></osm>', 'lat="NaN"'],
    ['<osm><node id="1" lat="" lon="0"/></osm>', 'lat=""'],
    ['<osm><node id="1" lat="1"/></osm>', 'a node without lon'],
    ['<osm><node id="1.5" lat="1" lon="1"/></osm>', 'id="1.5"'],
    ['<osm><node id="9007199254740993" lat="1" lon="1"/></osm>', 'id="9007199254740993"'],
    ['<osm><way/></osm>', 'a way without id'],
    ['<osm><way id="1"><nd/></way></osm>', 'a nd without ref'],
    ['<osm><way id="1"><tag k="a"/></way></osm>', 'a tag without v'],
    ['<osm><way id="1"><node id="2"/></way></osm>', 'a node within a way'],
    ['<osm><relation id="1"><member type="area" ref="1"/></relation></osm>', 'a member of type "area"'],
    ['<osm><way id="1"></osm>', 'not well-formed'],
    ['<osm><way id="1">', 'not well-formed'],
    ['<!DOCTYPE osm [<!ENTITY a "b">]><osm/>', 'document type'],
  ])('refuses %s', async (text, reason) => {
    await expect(read(utf8(text))).rejects.toMatchObject({
      code: 'GEO_OSM_INVALID',
      details: { offset: expect.any(Number), reason: expect.stringContaining(reason) },
    })
  })

  it('refuses files of changes, and gzip that is damaged or cut', async () => {
    await expect(read(utf8('<osmChange/>'))).rejects.toMatchObject({ code: 'GEO_OSM_UNSUPPORTED' })
    const packed = gzipSync(xml)
    for (const bytes of [packed.subarray(0, -9), packed.map((byte, at) => (at > 40 && at < 80 ? 0x55 : byte))])
      await expect(read(bytes)).rejects.toMatchObject({ code: 'GEO_OSM_INVALID' })
  })

  it.skipIf(shared === undefined)('reads real files in several blocks', async () => {
    const path = `${shared}/north-bayreuth.osm.gz`
    let [blocks, nodes, restrictions] = [0, 0, 0]
    for await (const block of readOsm(path)) {
      blocks++
      nodes += block.nodes.ids.length
      const { relations, texts } = block
      for (let pair = 0; pair < relations.tags.pairs.length; pair += 2)
        if (texts.at(relations.tags.pairs[pair + 1]!) === 'restriction') restrictions++
    }
    expect([blocks > 5, nodes, restrictions]).toEqual([true, 58_631, 40])
  })
})
