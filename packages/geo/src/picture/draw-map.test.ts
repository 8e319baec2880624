import { readXml } from '@exprsn/core/bytes'
import { describe, expect, it } from 'vitest'
import { drawMap, type MapFeature } from './index.ts'

const line = (coordinates: readonly (readonly [number, number])[], properties = {}): MapFeature => ({
  type: 'Feature',
  geometry: { type: 'LineString', coordinates },
  properties,
})
const point = (x: number, y: number, properties = {}): MapFeature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [x, y] },
  properties,
})
const square = (west: number, south: number, size: number): [number, number][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
]

const numbers = (text: string): number[] => (text.match(/-?[\d.]+/g) ?? []).map(Number)
const circleOf = (svg: string): number[] => numbers(/<circle cx="[^"]+" cy="[^"]+" r="[^"]+"/.exec(svg)![0])

describe('drawMap', () => {
  it('fits features into the picture and keeps right angles right', () => {
    const svg = drawMap([{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [square(9, 47, 0.1)] } }])
    const [path] = /d="M[^"]+Z"/.exec(svg)!
    const places = numbers(path)
    const xs = places.filter((_, index) => index % 2 === 0)
    const ys = places.filter((_, index) => index % 2 === 1)
    expect(Math.min(...xs)).toBeCloseTo(24, 0)
    expect(Math.max(...xs)).toBeCloseTo(776, 0)
    // At 47 degrees a degree of latitude is 1 / cos 47° as high as one of longitude is wide.
    const ratio = (Math.max(...ys) - Math.min(...ys)) / (Math.max(...xs) - Math.min(...xs))
    expect(ratio).toBeCloseTo(1 / Math.cos((47.05 * Math.PI) / 180), 2)
    expect(ys[0]).toBeGreaterThan(ys[2]!)
  })

  it('draws circles to scale', () => {
    const svg = drawMap([
      point(0, 0, { radius: 1_000 }),
      line([
        [-0.02, 0],
        [0.02, 0],
      ]),
    ])
    const [cx, , radius] = circleOf(svg)
    expect(cx).toBeCloseTo(400, 0)
    const [from, , to] = numbers(/d="M[^"]+"/.exec(svg)![0])
    expect(radius! / (to! - from!)).toBeCloseTo(1_000 / (0.04 * 111_195), 2)
  })

  it('draws corridors as wide as they are, and titles beside them', () => {
    const svg = drawMap([
      line(
        [
          [0, 0],
          [0.1, 0],
        ],
        { width: 1_000, title: 'Route <A> & "B"' },
      ),
    ])
    const width = numbers(/stroke-width="([\d.]+)" stroke-linejoin/.exec(svg)![1]!)[0]!
    expect(width).toBeGreaterThan(50)
    expect(svg).toContain('Route &lt;A&gt; &amp; &quot;B&quot;')
  })

  it('does not tear apart what crosses the antimeridian', () => {
    const svg = drawMap([
      line([
        [179.9, 10],
        [-179.9, 10.1],
      ]),
    ])
    const [from, , to] = numbers(/d="M[^"]+"/.exec(svg)![0])
    expect(to! - from!).toBeCloseTo(752, 0)
  })

  it('thins a trace that has more fixes than the picture has pixels', () => {
    const trace = Array.from({ length: 200_000 }, (_, at): [number, number] => [
      9 + at / 1e6,
      47 + Math.sin(at / 3e4) / 20,
    ])
    const svg = drawMap([line(trace)])
    expect(svg.length).toBeLessThan(40_000)
    expect(numbers(/L[\d. ]+"/.exec(svg)![0]).length).toBe(2)
  })

  it('is well-formed whatever the texts are, and holds no markup of theirs', async () => {
    const nasty = '</text><script>alert(1)</script> \u0000 \ud800 &'
    const feature = point(0, 0, { title: nasty, stroke: '" onload="x', fill: nasty })
    const svg = drawMap([feature], { title: nasty, background: nasty })
    expect(svg).not.toContain('<script')
    expect(svg).not.toMatch(/ onload="/)
    const names: string[] = []
    for await (const event of readXml([Buffer.from(svg)])) if (event.kind === 'start') names.push(event.name)
    expect(names.slice(0, 3)).toEqual(['svg', 'title', 'rect'])
  })

  it('has a scale with a round length', () => {
    expect(drawMap([point(0, 0, { radius: 900 })])).toContain('>200 m<')
    expect(
      drawMap([
        line([
          [9, 47],
          [12, 48],
        ]),
      ]),
    ).toContain('>20 km<')
    expect(drawMap([])).toMatch(/>\d000 km</)
  })

  it.each([
    [[point(0, 95)], {}, 'GEO_POSITION_INVALID', 'features[0].geometry.coordinates[0][0]'],
    [[{ type: 'Feature', geometry: { type: 'Blob' } }], {}, 'GEO_PICTURE_INVALID', 'Blob'],
    [[{ type: 'Feature', geometry: { type: 'Polygon' } }], {}, 'GEO_PICTURE_INVALID', 'features[0] has no coordinates'],
    [[{ type: 'Feature', geometry: null }], {}, 'GEO_PICTURE_INVALID', 'features[0]'],
    [[null], {}, 'GEO_PICTURE_INVALID', 'features[0] is no feature'],
    [[], { width: 1e9 }, 'GEO_PICTURE_INVALID', 'width'],
    [[], { height: Number.NaN }, 'GEO_PICTURE_INVALID', 'height'],
  ])('refuses %j with %j', (features, options, code, part) => {
    expect(() => drawMap(features as never, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    )
  })
})
