import * as engine from '@exprsn/geo/routing'
import { describe, expect, it } from 'vitest'
import { importMutant, type Mutation } from '../simulations/fences/mutant.ts'
import { differenceFromDijkstra, type HierarchyEngine } from './hierarchy-check.ts'

const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1)

describe('a contraction hierarchy of random towns', () => {
  it('equals Dijkstra in lengths, paths and tables', () => {
    for (const seed of seeds) expect([seed, differenceFromDijkstra(seed, engine)]).toEqual([seed, undefined])
  })

  const folder = 'routing/hierarchy/'
  const shortcuts = `${folder}shortcuts.ts`
  const lists = `${folder}edge-lists.ts`
  const side = `${folder}side.ts`
  const search = `${folder}search.ts`
  const crossing = `${folder}core-crossing.ts`
  const labels = `${folder}core-labels.ts`
  const matrix = `${folder}matrix.ts`
  const ascent = `${folder}ascent.ts`
  it.each<[string, Mutation]>([
    [
      'a witness may pass the contracted node',
      { file: `${folder}witness-search.ts`, from: 'target === around || ', to: '' },
    ],
    [
      'witnesses take one-way streets backwards',
      { file: `${folder}witness-search.ts`, from: '(ways[half]! & outward) === 0', to: 'false' },
    ],
    ['witnesses of the run before stay', { file: `${folder}witness-search.ts`, from: '    this.#forget()\n', to: '' }],
    [
      'a longer witness will do',
      {
        file: shortcuts,
        from: '<= here + weights[this.#outgoing[to]! >> 1]!) continue',
        to: '<= here + 2 + weights[this.#outgoing[to]! >> 1]!) continue',
      },
    ],
    ['a shortcut back is forgotten', { file: shortcuts, from: 'if (back) this.#put(to, from, outward)', to: '' }],
    [
      'one edge stands for both ways though the ways differ',
      {
        file: shortcuts,
        from: 'this.#weight(from, to) === this.#weight(to, from) && this.#isShared(from, to)',
        to: 'true',
      },
    ],
    [
      'a heavier parallel edge replaces a lighter one',
      { file: lists, from: '<= edge.weight) ways &= ~common', to: '> edge.weight) ways &= ~common' },
    ],
    [
      'directions are not swapped at the other end',
      { file: lists, from: 'return ((ways & outward) << 1) | (ways >> 1)', to: 'return ways' },
    ],
    [
      'the search stops when one side is done',
      {
        file: search,
        from: 'ahead >= end() && behind >= end()',
        to: 'ahead >= end() || behind >= end()',
      },
    ],
    [
      'the first meeting is kept',
      { file: search, from: 'if (length >= this.#best) return', to: 'if (this.#best < unreached) return' },
    ],
    [
      'a way through the core ends where it leaves it',
      { file: crossing, from: 'const rest = length + lengths[at]!', to: 'const rest = length' },
    ],
    [
      'the core is crossed the other way round',
      {
        file: crossing,
        from: '{ first, hubs, lengths } = this.#core.down',
        to: '{ first, hubs, lengths } = this.#core.up',
      },
    ],
    [
      'a core is no farther across than over its first hub',
      {
        file: crossing,
        from: 'ahead[hubs[at]!]! < least - rest',
        to: 'least === best && ahead[hubs[at]!]! < unreached',
      },
    ],
    [
      'a hub is as far as it was last reached',
      { file: crossing, from: 'if (sum < ahead[hubs[at]!]!) ahead', to: 'ahead' },
    ],
    ['hubs keep lengths of the search before', { file: crossing, from: 'ahead[hubs[at]!] = unreached', to: 'void at' }],
    [
      'labels of one way stand for the other',
      { file: labels, from: '& bothWays) !== bothWays', to: '& bothWays) === 0' },
    ],
    [
      'a hub is left out of a label for a way the other way round',
      { file: labels, from: 'this.#isCovered(hub, back)', to: 'this.#isCovered(hub, this)' },
    ],
    [
      'a hub is left out of a label for a longer way',
      { file: labels, from: '<= length - back.#lengths[at]!', to: '<= length + 3 - back.#lengths[at]!' },
    ],
    [
      'a label holds hubs at the lengths of its neighbours',
      { file: labels, from: 'this.#lengths[at]! + (weight >> 2)', to: 'this.#lengths[at]!' },
    ],
    [
      'a node comes before one that it leads up to',
      {
        file: `${folder}depth-first-order.ts`,
        from: '--waiting[below[at]!]! === 0',
        to: '--waiting[below[at]!]! <= 1',
      },
    ],
    [
      'arcs are asked for while the core is closed',
      { file: side, from: 'this.queue.push(this.lengths[place]!, place)', to: 'void place' },
    ],
    ['where the sides meet in the core is not looked for', { file: search, from: 'this.#best++', to: 'void 0' }],
    [
      'stalling takes edges of the wrong way',
      { file: side, from: '(weight & against) === 0', to: '(weight & this.#way) === 0' },
    ],
    [
      'stalling does not compare',
      { file: side, from: 'length < key && length + (weight >> 2) < key', to: 'length < key' },
    ],
    [
      'a side keeps lengths of the search before',
      { file: side, from: 'this.lengths[this.touched[index]!] = unreached', to: 'void index' },
    ],
    [
      'the children of a shortcut change places',
      {
        file: `${folder}unpack.ts`,
        from: 'way === upwards ? [place, top] : [top, place]',
        to: 'way === upwards ? [top, place] : [place, top]',
      },
    ],
    [
      'the arc of the other direction is taken',
      { file: `${folder}unpack.ts`, from: 'way === upwards ? ~middle', to: 'way !== upwards ? ~middle' },
    ],
    [
      'seeds begin without their length',
      {
        file: matrix,
        from: 'side.begin(this.#places[node]!, length, total)',
        to: 'side.begin(this.#places[node]!, 0, total)',
      },
    ],
    ['buckets are not emptied', { file: matrix, from: '    this.#empty()\n', to: '' }],
    [
      'the last entry of a bucket is left out',
      { file: matrix, from: 'at < end; at += 2', to: 'at < end - 2; at += 2' },
    ],
    [
      'a side of a table keeps lengths of the one before',
      { file: ascent, from: 'this.lengths[this.#reached[index]!] = unreached', to: 'void index' },
    ],
    [
      'a side of a table takes up the first of its marks only',
      { file: ascent, from: 'while (groups[group] !== 0)', to: 'if (groups[group] !== 0)' },
    ],
    [
      'what leads over a more important place is compared without the way from there',
      { file: ascent, from: 'length + (edges[edge * 2 + 1]! >> 2) >= reached', to: 'length >= reached' },
    ],
    [
      'places are compared over edges of the wrong way',
      { file: matrix, from: 'new Ascent(hierarchy.nodes, up, down)', to: 'new Ascent(hierarchy.nodes, up, up)' },
    ],
    [
      'edges that lead the other way are listed, too',
      { file: `${folder}edges-of-way.ts`, from: '(edges[edge * 2 + 1]! & way) === 0', to: 'false' },
    ],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const broken = await importMutant<HierarchyEngine>('routing/index.ts', mutation, [
      'coordinates',
      'osm',
      'graph',
      'routing',
    ])
    const noticed = seeds.some((seed) => {
      try {
        return differenceFromDijkstra(seed, broken) !== undefined
      } catch {
        return true
      }
    })
    expect(noticed).toBe(true)
  })
})
