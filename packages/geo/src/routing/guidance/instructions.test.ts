import { describe, expect, it } from 'vitest'
import { roadFlags } from '../../graph/road-class.ts'
import { drawRoads, type DrawnRoad } from '../../../test/routing/drawn-roads.ts'
import { openRouter } from '../port/open-router.ts'
import type { InstructionLanguage } from './instruction.ts'
import { languages } from './languages.ts'

/** Some 100 m a unit at the equator. */
const unit = 10_000
const road = (
  name: string,
  points: readonly (readonly [number, number])[],
  more: Partial<DrawnRoad> = {},
): DrawnRoad => ({
  name,
  points: points.map(([x, y]) => [x * unit, y * unit] as const),
  ...more,
})
const degrees = (x: number, y: number) => [(x * unit) / 1e7, (y * unit) / 1e7] as const

async function told(
  roads: readonly DrawnRoad[],
  points: readonly (readonly [number, number])[],
  instructions: InstructionLanguage = 'en',
) {
  const router = await openRouter(drawRoads(roads))
  const route = await router.route({ points: points.map(([x, y]) => degrees(x, y)), instructions })
  if (!route.found) throw new Error('no route')
  return route.instructions
}

const cross = [
  road('West Road', [
    [0, 0],
    [5, 0],
  ]),
  road('East Road', [
    [5, 0],
    [10, 0],
  ]),
  road('North Road', [
    [5, 0],
    [5, 5],
  ]),
  road('South Road', [
    [5, 0],
    [5, -5],
  ]),
]

describe('instructions', () => {
  it.each([
    [[10, 0], 'Continue on East Road'],
    [[5, 5], 'Turn left onto North Road'],
    [[5, -5], 'Turn right onto South Road'],
  ] as const)('at a crossing, to %j', async (to, text) => {
    const texts = (await told(cross, [[1, 0], to])).map((one) => one.text)
    expect(texts).toEqual(['Head east on West Road', text, expect.stringMatching(/^You have arrived on /)])
  })

  it('say how far it is to the next one, and where it is to be followed', async () => {
    const [depart, turn, arrive] = await told(cross, [
      [1, 0],
      [5, 5],
    ])
    expect(depart!.distance).toBeCloseTo(445, 0)
    expect(depart!.duration).toBeCloseTo(44.5, 1)
    expect(turn).toMatchObject({ maneuver: 'left', name: 'North Road', position: degrees(5, 0), point: 1 })
    expect(turn!.distance).toBeCloseTo(556, 0)
    expect(arrive).toMatchObject({ maneuver: 'arrive', distance: 0, duration: 0, position: degrees(5, 5) })
  })

  it('say nothing of bends, nor of a street that goes on straight past others', async () => {
    const bend = [
      road('Long Road', [
        [0, 0],
        [3, 0],
      ]),
      road('Long Road', [
        [3, 0],
        [3, 3],
      ]),
    ]
    expect(
      (
        await told(bend, [
          [0, 0],
          [3, 3],
        ])
      ).map(({ maneuver }) => maneuver),
    ).toEqual(['depart', 'arrive'])
    const straight = cross.map((one) => (one.name === 'East Road' ? { ...one, name: 'West Road' } : one))
    expect(
      (
        await told(straight, [
          [1, 0],
          [10, 0],
        ])
      ).map(({ maneuver }) => maneuver),
    ).toEqual(['depart', 'arrive'])
  })

  it('at a fork, say which side', async () => {
    const fork = [
      road('A', [
        [0, 0],
        [5, 0],
      ]),
      road('A', [
        [5, 0],
        [10, 1],
      ]),
      road('A', [
        [5, 0],
        [10, -1],
      ]),
    ]
    expect(
      (
        await told(fork, [
          [0, 0],
          [10, 1],
        ])
      )[1]!.maneuver,
    ).toBe('slight-left')
    expect(
      (
        await told(fork, [
          [0, 0],
          [10, -1],
        ])
      )[1]!.maneuver,
    ).toBe('slight-right')
  })

  it('know sharp turns, and lead round a block where an end lies behind the start', async () => {
    const sharp = [
      ...cross,
      road('Back Lane', [
        [5, 0],
        [1, 1],
      ]),
    ]
    expect(
      (
        await told(sharp, [
          [1, 0],
          [1, 1],
        ])
      ).map(({ maneuver }) => maneuver),
    ).toContain('sharp-left')
    const oneWay = [
      road(
        'Main',
        [
          [0, 0],
          [5, 0],
        ],
        { backward: false },
      ),
      road('Main', [
        [5, 0],
        [8, 0],
      ]),
      road(
        'Return',
        [
          [5, 0],
          [5, 1],
          [0, 1],
          [0, 0],
        ],
        { backward: false },
      ),
    ]
    expect(
      (
        await told(oneWay, [
          [4, 0],
          [2, 0],
        ])
      ).map(({ maneuver }) => maneuver),
    ).toEqual(['depart', 'left', 'continue', 'arrive'])
  })

  it('count the ways out of a roundabout', async () => {
    const circle = { flags: roadFlags.roundabout, backward: false }
    const around = [
      road('South', [
        [5, 0],
        [5, 4],
      ]),
      road(
        '',
        [
          [5, 4],
          [6, 5],
        ],
        circle,
      ),
      road(
        '',
        [
          [6, 5],
          [5, 6],
        ],
        circle,
      ),
      road(
        '',
        [
          [5, 6],
          [4, 5],
        ],
        circle,
      ),
      road(
        '',
        [
          [4, 5],
          [5, 4],
        ],
        circle,
      ),
      road('East', [
        [6, 5],
        [9, 5],
      ]),
      road('North', [
        [5, 6],
        [5, 9],
      ]),
      road('West', [
        [4, 5],
        [1, 5],
      ]),
    ]
    const exits = [
      [[9, 5], 1, 'At the roundabout, take the first exit onto East'],
      [[5, 9], 2, 'At the roundabout, take the second exit onto North'],
      [[1, 5], 3, 'At the roundabout, take the third exit onto West'],
    ] as const
    for (const [to, exit, text] of exits) {
      const instructions = await told(around, [[5, 0], to])
      expect(instructions.map(({ maneuver }) => maneuver)).toEqual(['depart', 'roundabout', 'arrive'])
      expect(instructions[1]).toMatchObject({ exit, text })
    }
  })

  it('name ramps and ferries', async () => {
    const ways = [
      road('Highway', [
        [0, 0],
        [5, 0],
      ]),
      road('Highway', [
        [5, 0],
        [9, 0],
      ]),
      road(
        'Exit',
        [
          [5, 0],
          [8, -1],
        ],
        { flags: roadFlags.link },
      ),
      road(
        'Lake Line',
        [
          [8, -1],
          [12, -1],
        ],
        { roadClass: 'ferry' },
      ),
    ]
    expect(
      (
        await told(ways, [
          [0, 0],
          [12, -1],
        ])
      ).map(({ text }) => text),
    ).toEqual([
      'Head east on Highway',
      'Take the ramp on the right onto Exit',
      'Take the ferry Lake Line',
      'You have arrived on Lake Line',
    ])
  })

  it('come in four languages with the same phrases, none of them empty', async () => {
    const texts = await Promise.all(
      (['en', 'de', 'fr', 'es'] as const).map(
        async (language) =>
          (
            await told(
              cross,
              [
                [1, 0],
                [5, 5],
              ],
              language,
            )
          )[1]!.text,
      ),
    )
    expect(texts).toEqual([
      'Turn left onto North Road',
      'Links abbiegen auf North Road',
      'Tournez à gauche sur North Road',
      'Gire a la izquierda por North Road',
    ])
    for (const { directions, ordinals, maneuvers } of Object.values(languages)) {
      expect([directions.length, ordinals.length]).toEqual([8, 10])
      expect(Object.keys(maneuvers).sort()).toEqual(Object.keys(languages.en.maneuvers).sort())
      for (const [plain, named] of Object.values(maneuvers)) {
        expect(plain).not.toContain('{name}')
        expect(named).toContain('{name}')
      }
    }
  })
})
