import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createSimulatedDisk, fuzz, SeededRandom } from '@exprsn/core/testing'
import { randomBelow, randomItem } from '@exprsn/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawRoads } from '../../../test/graph/draw-roads.ts'
import { blockOf } from '../../../test/osm/osm-items.ts'
import { buildGraph, type BuiltGraph } from '../build-graph.ts'
import { profiles } from '../profile/profiles.ts'
import { stateGraph } from '../state-graph.ts'
import { textAt } from '../text-table.ts'
import { decodeSections } from './decode-sections.ts'
import { encodeSections } from './encode-sections.ts'
import { graphOf, sectionsOf } from './graph-sections.ts'
import { openGraph, saveGraph } from './road-graph-file.ts'
import type { Section } from './section.ts'

let graph: BuiltGraph
let bytes: Uint8Array
const path = join(tmpdir(), `exprsn-graph-${process.pid}.graph`)

beforeAll(async () => {
  graph = await buildGraph([blockOf(drawRoads(new SeededRandom(4)).items)], { profile: profiles.car })
  bytes = encodeSections(sectionsOf(graph, new Map()))
})
afterAll(() => rm(path, { force: true }))

const invalid = expect.objectContaining({ code: 'GEO_GRAPH_FILE_INVALID' })

describe('saveGraph and openGraph', () => {
  it('give back the graph, with and without turns', async () => {
    const walk = await buildGraph([blockOf(drawRoads(new SeededRandom(5)).items)], { profile: profiles.foot })
    for (const { report, ...plain } of [graph, walk]) {
      expect(report.ways).toBeGreaterThan(0)
      await saveGraph(plain, path)
      const opened = await openGraph(path)
      expect(opened.graph).toEqual(plain)
      expect(textAt(opened.graph.texts, 0)).toBe('')
    }
  })

  it('keep what others put into the file', async () => {
    const more = new Map<string, Section>([
      ['hierarchy.first', Int32Array.of(0, -5, 7)],
      ['hierarchy.bits', Uint8Array.of(1, 2, 3)],
      ['hierarchy.words', Uint16Array.of(65_535)],
      ['hierarchy.long', Uint32Array.of(2 ** 32 - 1)],
      ['hierarchy.lengths', Float64Array.of(0.5, Infinity)],
      ['hierarchy.none', new Float64Array(0)],
    ])
    await graph.save(path, { sections: more })
    const { sections, graph: opened } = await openGraph(path)
    for (const [name, section] of more) expect(sections.get(name)).toEqual(section)
    expect(opened.edges.weights).toEqual(graph.edges.weights)
    await expect(graph.save(path, { sections: new Map([['edges.heads', new Int32Array(1)]]) })).rejects.toMatchObject({
      code: 'GEO_GRAPH_OPTION_INVALID',
    })
  })

  it('share one memory with other threads', async () => {
    await graph.save(path)
    const opened = await openGraph(path)
    const { heads } = opened.graph.edges
    expect(heads.buffer).toBe(opened.memory)
    const worker = new Worker(
      `require('node:worker_threads').parentPort.once('message', ({ graph, at }) => { graph.edges.heads[at] = 12_345; process.exit() })`,
      { eval: true },
    )
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage({ graph: opened.graph, at: 1 })
    await ended
    expect(heads[1]).toBe(12_345)
  })

  it('a graph that was just built can be sent to a thread, too', () => {
    expect(structuredClone(graph).edges).toEqual(graph.edges)
  })

  it('work on any disk, and leave the old file when the new one fails', async () => {
    const disk = createSimulatedDisk()
    await graph.save('/car.graph', { disk })
    await expect(graph.save('/car.graph', { disk, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    expect((await openGraph('/car.graph', { disk })).graph.profile).toBe('car')
    await expect(openGraph('/car.graph', { disk, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    await expect(openGraph('/none.graph', { disk })).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
  })

  it('name the byte of what is damaged', async () => {
    const cases: [Uint8Array, number, string][] = [
      [bytes.subarray(0, 10), 10, 'it ends within its first bytes'],
      [new Uint8Array(100), 0, 'it is no graph file'],
      [bytes.with(14, 0xff), 12, 'a header of'],
      [bytes.with(30, bytes[30]! ^ 1), 24, 'the checksum of the header is wrong'],
      [bytes.subarray(0, -64), bytes.length - 64, 'it ends before its'],
    ]
    for (const [damaged, offset, reason] of cases) {
      await writeFile(path, damaged)
      await expect(openGraph(path)).rejects.toMatchObject({
        code: 'GEO_GRAPH_FILE_INVALID',
        details: { offset, reason: expect.stringContaining(reason) },
      })
    }
    for (const version of [0, 3])
      expect(() => decodeSections(bytes.with(8, version))).toThrow(
        expect.objectContaining({ code: 'GEO_GRAPH_FILE_VERSION', details: { found: version, known: 2 } }),
      )
  })

  it('notice every flipped byte', () => {
    for (let at = 0; at < bytes.length; at++)
      expect(() => decodeSections(bytes.with(at, bytes[at]! ^ (1 << (at % 8)))), `byte ${at}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^GEO_GRAPH_FILE_/) }),
      )
  })

  it('refuse a file that is cut anywhere, or goes on', () => {
    for (let length = 0; length < bytes.length; length += 7)
      expect(() => decodeSections(bytes.subarray(0, length))).toThrow(invalid)
    expect(() => decodeSections(Buffer.concat([bytes, new Uint8Array(64)]))).toThrow(invalid)
  })

  it.each<[string, object | string]>([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no kind', { properties: {}, sections: [] }],
    ['no list of sections', { kind: 'road-graph', properties: {}, sections: {} }],
    [
      'a section of an unknown type',
      { kind: 'road-graph', properties: {}, sections: [{ name: 'a', type: 'toString', offset: 0, length: 0 }] },
    ],
    [
      'a section that is not aligned',
      { kind: 'road-graph', properties: {}, sections: [{ name: 'a', type: 'uint8', offset: 4, length: 0 }] },
    ],
    [
      'a length below zero',
      { kind: 'road-graph', properties: {}, sections: [{ name: 'a', type: 'uint8', offset: 0, length: -1 }] },
    ],
    [
      'overlapping sections',
      {
        kind: 'road-graph',
        properties: {},
        sections: [
          { name: 'a', type: 'uint8', offset: 0, length: 9, crc32: 0 },
          { name: 'b', type: 'uint8', offset: 0, length: 9, crc32: 0 },
        ],
      },
    ],
  ])('refuse a header with %s', (_, header) => {
    expect(() => decodeSections(withHeader(typeof header === 'string' ? header : JSON.stringify(header)))).toThrow(
      invalid,
    )
  })

  it('refuse a file of another kind, and one that lacks a section or has it in another type', () => {
    const file = sectionsOf(graph, new Map())
    expect(() => graphOf({ ...file, kind: 'tiles' })).toThrow('it is a "tiles"')
    expect(() => graphOf({ ...file, properties: { profile: 'car' } })).toThrow(invalid)
    for (const name of file.sections.keys()) {
      const without = new Map(file.sections)
      without.delete(name)
      if (name !== 'turns.edges') expect(() => graphOf({ ...file, sections: without }), name).toThrow(invalid)
      const other = new Map(file.sections).set(name, new Float64Array(3))
      expect(() => graphOf({ ...file, sections: other }), name).toThrow(invalid)
    }
  })

  it('never give a graph that leads nowhere, though its checksums are right: 5000 files', () => {
    const random = new SeededRandom(11)
    const names = [...sectionsOf(graph, new Map()).sections.keys()]
    let refused = 0
    for (let run = 0; run < 5_000; run++) {
      const name = randomItem(random, names)
      const file = sectionsOf(graph, new Map())
      const section = file.sections.get(name)!.slice()
      section[randomBelow(random, section.length)] = randomItem(random, [-1, 0, 1, 2, 300, 2 ** 31 - 1, -(2 ** 31)])
      const changed = { ...file, sections: new Map(file.sections).set(name, section) }
      try {
        const opened = graphOf(decodeSections(encodeSections(changed)))
        stateGraph(opened)
        for (const text of opened.roads.names) textAt(opened.texts, text)
      } catch (error) {
        if ((error as { code?: string }).code !== 'GEO_GRAPH_FILE_INVALID') throw error
        refused++
      }
    }
    expect(refused).toBeGreaterThan(1_000)
  })

  it('meet hostile bytes with typed errors only: 5000 inputs', async () => {
    const { findings, refused } = await fuzz({ corpus: [bytes], target: (input) => graphOf(decodeSections(input)) })
    expect(findings).toEqual([])
    expect(refused).toBeGreaterThan(2_500)
  })

  it('open files of every released version', async () => {
    const museum = new URL('../../../test/fixtures/formats/', import.meta.url)
    const file = await readFile(new URL('road-graph-v1.graph', museum))
    const { items } = JSON.parse(await readFile(new URL('road-graph-v1.json', museum), 'utf8'))
    const opened = graphOf(decodeSections(new Uint8Array(file)))
    expect(opened.profile).toBe('car')
    expect(opened.turns!.edges.length).toBeGreaterThan(opened.edges.heads.length)
    const { report: _, ...rebuilt } = await buildGraph([blockOf(items)], { profile: profiles.car })
    expect(opened).toEqual(rebuilt)
  })
})

function withHeader(header: string): Uint8Array {
  const text = Buffer.from(header)
  const { buffer } = encodeSections({ kind: 'k', properties: {}, sections: new Map() })
  const file = new Uint8Array(Math.ceil((24 + text.length) / 64) * 64)
  file.set(new Uint8Array(buffer, 0, 24))
  file.set(text, 24)
  const view = new DataView(file.buffer)
  view.setUint32(12, text.length, true)
  view.setUint32(16, process.getBuiltinModule('node:zlib').crc32(text), true)
  return file
}
