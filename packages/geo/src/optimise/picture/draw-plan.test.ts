import { readXml } from '@exprsn/core/bytes'
import { drawPlanGantt, drawPlanMap, solve, type Problem } from '@exprsn/geo/optimize'
import { describe, expect, it } from 'vitest'

const hour = 3_600
const depot = [9.52, 47.14] as const
const problem: Problem = {
  vehicles: [
    {
      ...{ id: 'van <1> & "one"', start: depot, end: depot, capacity: [4], locked: ['bakery'], skills: ['city'] },
      ...{ window: [6 * hour, 18 * hour], costs: { perSecond: 1 } },
      breaks: [{ id: 'lunch', windows: [[8 * hour, 8.5 * hour]], duration: 1_800 }],
    },
    { id: 'lorry', start: depot, end: depot, skills: ['cold'], window: [6 * hour, 40 * hour], hours: 'eu-561' },
  ],
  stops: [
    { id: 'bakery', place: [9.53, 47.16], deliver: [3], service: 1_200 },
    { id: 'kiosk', place: [9.54, 47.16], skills: ['city'], windows: [[6 * hour, 7 * hour]] },
    {
      id: 'clinic',
      place: [9.5, 47.2],
      deliver: [1],
      service: 600,
      skills: ['city'],
      windows: [[9 * hour, 10 * hour]],
    },
    { id: 'far', place: [12.5, 47.2], deliver: [1], skills: ['cold'], service: 600 },
    { id: 'quarry', place: [9.5, 47.18], deliver: [9], skills: ['none'] },
  ],
}
const plan = await solve(problem, { iterations: 200 })

/** Every element, its attributes and its text. */
async function elementsOf(svg: string) {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = []
  const open: (typeof elements)[number][] = []
  for await (const event of readXml([new TextEncoder().encode(svg)]))
    if (event.kind === 'start') {
      const attributes = Object.fromEntries(event.attributes.map(({ name, value }) => [name, value]))
      const element = { name: event.name, attributes, text: '' }
      elements.push(element)
      open.push(element)
    } else if (event.kind === 'end') open.pop()
    else if (open.length > 0) open.at(-1)!.text += event.text
  return elements
}

describe('drawPlanGantt', () => {
  it('tells every span, and everything to those who cannot see it', async () => {
    const elements = await elementsOf(drawPlanGantt(problem, plan, { title: 'Tuesday <A>' }))
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { role: 'img' } })
    const titles = elements.filter(({ name }) => name === 'title').map(({ text }) => text)
    expect(titles[0]).toBe('Tuesday <A>')
    const spans = [
      'driving to bakery, ',
      'bakery, ',
      'break of lunch, ',
      'waiting for clinic, ',
      'driving to end, ',
      'rest, ',
    ]
    for (const span of spans)
      expect(
        titles.some((title) => title.startsWith(span)),
        span,
      ).toBe(true)
    expect(titles).toContain('clinic, 09:00 to 09:10')
    const [desc] = elements.filter(({ name }) => name === 'desc').map(({ text }) => text)
    expect(desc).toMatch(
      /^2 routes\. van <1> & "one" from .*: bakery at .*, kiosk at .*, clinic at 09:00\. lorry from .*: far at/,
    )
    expect(desc).toContain('Left out: quarry: No vehicle has all the skills that it needs.')
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    expect(texts).toContain('Left out: quarry: No vehicle has all the skills that it needs.')
  })

  it('is to scale, and shows what is locked and what is over', async () => {
    const route = plan.routes[0]!
    const svg = drawPlanGantt(problem, { routes: [route], unassigned: [] }, { width: 1_200, now: 9 * hour })
    const elements = await elementsOf(svg)
    const rects = elements.filter(({ name, attributes }) => name === 'rect' && attributes.y === '49')
    const bars = rects.map(
      ({ attributes }) => [Number(attributes.x), Number(attributes.width), attributes.stroke] as const,
    )
    const [from, to] = [route.steps[0]!.begin, route.steps.at(-1)!.end]
    const label = elements.find(({ text }) => text === 'van <1> & "one"')!
    const left = Number(label.attributes.x) + 8
    const perSecond = (1_200 - left - 16) / (to - from)
    const locked = bars.filter(([, , stroke]) => stroke === 'black')
    expect(locked).toHaveLength(1)
    expect(locked[0]![0]).toBeCloseTo(left + (route.steps[1]!.begin - from) * perSecond, 0)
    expect(locked[0]![1]).toBeCloseTo(1_200 * perSecond, 0)
    expect(svg.match(/opacity="0.45"/g)!.length).toBeGreaterThan(2)
    expect(svg).toContain('<title>now, 09:00</title>')
  })

  it('takes own words for moments, plans without routes, and many vehicles', async () => {
    const own = drawPlanGantt(problem, plan, { timeText: (seconds) => `t${Math.round(seconds / 60)}` })
    expect(own).toContain('clinic, t540 to t550')
    expect((await elementsOf(drawPlanGantt(problem, { routes: [], unassigned: [] }))).length).toBeGreaterThan(5)
    const routes = Array.from({ length: 30 }, () => plan.routes[0]!)
    expect(drawPlanGantt(problem, { routes, unassigned: [] })).toContain(`height="${48 + 30 * 30 + 6 + 26}"`)
  })

  it.each([{ width: 10 }, { width: NaN }, { now: NaN }])('refuses %j', (options) => {
    expect(() => drawPlanGantt(problem, plan, options)).toThrow(
      expect.objectContaining({ code: 'GEO_PICTURE_INVALID' }),
    )
  })
})

describe('drawPlanMap', () => {
  it('draws a line and dots per route, and what is left out', async () => {
    const svg = drawPlanMap(problem, plan, { title: 'Tuesday' })
    const elements = await elementsOf(svg)
    const titles = elements.filter(({ name }) => name === 'title').map(({ text }) => text)
    expect(titles.filter((title) => title.includes(', stop '))).toHaveLength(4)
    expect(titles).toContain('quarry: left out')
    expect(titles).toContain('van <1> & "one", stop 3: clinic at 09:00')
    expect(titles.filter((title) => title === 'start or end')).toHaveLength(1)
    const [desc] = elements.filter(({ name }) => name === 'desc').map(({ text }) => text)
    expect(desc).toBe('2 routes with 4 visits, 1 left out. van <1> & "one": bakery, kiosk, clinic. lorry: far.')
    const strokes = elements.filter(({ name, attributes }) => name === 'path' && attributes['stroke-width'] === '2.5')
    expect(new Set(strokes.map(({ attributes }) => attributes.stroke)).size).toBe(2)
  })

  it('tells routes of the same colour apart by dashes', async () => {
    const routes = Array.from({ length: 10 }, () => plan.routes[0]!)
    const elements = await elementsOf(drawPlanMap(problem, { routes, unassigned: [] }))
    const styles = elements
      .filter(({ name, attributes }) => name === 'path' && attributes['stroke-width'] === '2.5')
      .map(({ attributes }) => `${attributes.stroke} ${attributes['stroke-dasharray'] ?? ''}`)
    expect([styles.length, new Set(styles).size]).toEqual([10, 10])
  })

  it('draws the roads it is given, and rows where they lie', async () => {
    const rows: Problem = {
      vehicles: [{ id: 'van', start: 0 }],
      stops: [{ id: 'a', place: 1 }],
      matrix: { rows: 2, columns: 2, durations: [0, 1, 1, 0] },
    }
    const own = await solve(rows, { iterations: 5 })
    const around: readonly (readonly [number, number])[] = [depot, [9.6, 47.2], [9.55, 47.15]]
    const svg = drawPlanMap(rows, own, { positions: [depot, [9.55, 47.15]], ways: new Map([['van', around]]) })
    expect(/<path d="(M[^"]+)" fill="none" stroke="#0072b2"/.exec(svg)![1]!.match(/L/g)).toHaveLength(2)
    expect(
      drawPlanMap(rows, own, {
        positions: new Map([
          [0, depot],
          [1, depot],
        ]),
      }),
    ).toContain('van')
    expect(() => drawPlanMap(rows, own)).toThrow(expect.objectContaining({ code: 'GEO_PICTURE_INVALID' }))
  })
})
