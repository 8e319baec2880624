import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineErrors } from '../../errors/registry.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { fuzz } from './fuzz.ts'
import { minimiseCorpus } from './minimise-corpus.ts'
import { mutate } from './mutate.ts'
import { guardPrototypes } from './prototype-guard.ts'
import { ranForever, runBounded } from './run-bounded.ts'
import { shrink } from './shrink.ts'

const errors = defineErrors({ APP_BAD: { message: 'Bad input.', help: 'Send another.' } })
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('fuzz', () => {
  it('reports nothing about a parser that only throws typed errors', async () => {
    const report = await fuzz({
      corpus: ['good'],
      runs: 500,
      target: (bytes) => {
        if (text(bytes) !== 'good') throw errors.APP_BAD()
      },
    })
    expect(report.findings).toEqual([])
    expect(report.runs).toBe(500)
    expect(report.accepted + report.refused).toBe(500)
    expect(report.refused).toBeGreaterThan(300)
  })

  it('finds a crash, says how, and shrinks the input', async () => {
    const target = (bytes: Uint8Array): void => {
      if (bytes.length > 3 && bytes.includes(0xff)) throw new RangeError(`Broken at ${bytes.indexOf(0xff)}`)
    }
    const report = await fuzz({ corpus: ['a longer text to begin with'], runs: 2_000, target })
    expect(report.findings).toHaveLength(1)
    const [finding] = report.findings
    expect(finding).toMatchObject({ kind: 'crash', reason: expect.stringMatching(/^It threw RangeError: Broken/u) })
    expect([...finding!.input].sort((a, b) => a - b)).toEqual([0, 0, 0, 255])
    expect(() => target(finding!.original)).toThrow(RangeError)
  })

  it('gives the same findings again for the same seed', async () => {
    const target = (bytes: Uint8Array): void => {
      if (text(bytes).includes('xx')) throw new Error('twice')
    }
    const [first, second, other] = await Promise.all(
      [5, 5, 6].map((seed) => fuzz({ corpus: ['axb', 'x'], runs: 300, seed, target })),
    )
    expect(first).toEqual(second)
    expect(first!.findings[0]!.original).not.toEqual(other!.findings[0]!.original)
  })

  it('ends an endless loop and names it', async () => {
    const report = await fuzz({
      corpus: ['<'],
      runs: 200,
      hangMilliseconds: 20,
      maximumFindings: 1,
      target: (bytes) => {
        while (bytes[0] === 0x80);
      },
      dictionary: [Uint8Array.of(0x80)],
    })
    expect(report.findings[0]).toMatchObject({ kind: 'hang', reason: 'It had to be ended after 20 ms.' })
    expect(report.findings[0]!.input[0]).toBe(0x80)
  })

  it('finds what is slow, and what never settles', async () => {
    const slow = await fuzz({
      corpus: ['s'],
      runs: 1,
      maxMilliseconds: 5,
      target: () => {
        const end = performance.now() + 15
        while (performance.now() < end);
      },
    })
    expect(slow.findings[0]).toMatchObject({ kind: 'hang', reason: 'It took more than 5 ms.' })
    const never = await fuzz({ corpus: ['s'], runs: 1, hangMilliseconds: 5, target: () => new Promise(() => {}) })
    expect(never.findings[0]!.kind).toBe('hang')
  })

  it('waits for asynchronous targets', async () => {
    const report = await fuzz({
      corpus: ['a', 'b'],
      runs: 2,
      target: async (bytes) => {
        await Promise.resolve()
        throw bytes[0] === 0x61 ? errors.APP_BAD() : new TypeError('later')
      },
    })
    expect(report.refused).toBe(1)
    expect(report.findings[0]).toMatchObject({ kind: 'crash', reason: 'It threw TypeError: later' })
  })

  it('finds a polluted prototype and cleans up', async () => {
    const report = await fuzz({
      corpus: ['{"__proto__":{"admin":true}}'],
      runs: 1,
      target: () => {
        ;(Object.prototype as unknown as Record<string, unknown>).admin = true
      },
    })
    expect(report.findings[0]).toMatchObject({ kind: 'pollution', reason: 'It changed Object.prototype.admin.' })
    expect('admin' in {}).toBe(false)
  })

  it('stops at the most findings, on a signal, and reports progress', async () => {
    let thrown = 0
    const report = await fuzz({
      corpus: ['a'],
      maximumFindings: 3,
      target: (bytes) => {
        throw new Error('e'.repeat(bytes.length % 7) + (thrown++ % 1))
      },
    })
    expect(report.findings).toHaveLength(3)
    await expect(
      fuzz({ corpus: ['a'], target: () => {}, signal: AbortSignal.abort(errors.APP_BAD()) }),
    ).rejects.toThrow('Bad')
    const done: number[] = []
    await fuzz({ corpus: ['a'], runs: 2_000, target: () => {}, onProgress: (progress) => done.push(progress.done) })
    expect(done).toEqual([1_000, 2_000])
  })

  it.each([{ corpus: [] }, { runs: 0 }, { maxMilliseconds: Number.NaN }, { hangMilliseconds: -1 }])(
    'refuses %j',
    async (wrong) => {
      await expect(fuzz({ corpus: ['a'], target: () => {}, ...wrong })).rejects.toMatchObject({
        code: 'CORE_TESTING_FUZZ_OPTIONS',
      })
    },
  )

  it('reaches with coverage what it does not reach without', () => {
    // A process of its own: V8 has one coverage mode for all.
    const source = import.meta.dirname
    const program = `
      import { fuzz } from ${JSON.stringify(join(source, 'fuzz.ts'))}
      const load = async () => (await import(${JSON.stringify(join(source, 'staircase.fixture.ts'))})).parse
      const options = { corpus: ['aaaaaa'], expected: () => false, runs: 8_000, seed: 4, maximumFindings: 1 }
      const includes = (url) => url.endsWith('staircase.fixture.ts')
      const guided = await fuzz({ ...options, coverage: { includes, load } })
      const blind = await fuzz({ ...options, target: await load(), runs: 2_000 })
      console.log(JSON.stringify({
        blind: blind.findings.length, guided: guided.findings.length,
        blocks: guided.blocks, corpus: guided.corpus.length,
      }))
    `
    const output = execFileSync(
      process.execPath,
      ['--conditions=@exprsn/source', '--input-type=module', '--no-warnings', '-e', program],
      { encoding: 'utf8' },
    )
    const result = JSON.parse(output) as Record<string, number>
    expect(result).toMatchObject({ blind: 0, guided: 1 })
    expect(result.blocks).toBeGreaterThan(3)
    expect(result.corpus).toBeLessThanOrEqual(result.blocks!)
  }, 60_000)
})

describe('mutate', () => {
  it('stays within the limit, leaves its input alone and uses the dictionary', () => {
    const input = Buffer.from('some input')
    const source = { corpus: [input, Buffer.from('other')], dictionary: [Buffer.from('WORD')], maximumBytes: 40 }
    const seen = new Set<string>()
    for (let index = 0; index < 2_000; index++) {
      const mutant = mutate(input, new SeededRandom(index), source)
      expect(mutant.length).toBeLessThanOrEqual(40)
      seen.add(text(mutant))
    }
    expect(input.toString()).toBe('some input')
    expect(seen.size).toBeGreaterThan(1_500)
    expect([...seen].some((mutant) => mutant.includes('WORD'))).toBe(true)
    expect([...seen].some((mutant) => mutant.endsWith('ther'))).toBe(true)
  })
})

describe('the parts', () => {
  it('shrink keeps the failure and removes the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.nat(60), async (bytes, at) => {
        const bad = Uint8Array.from([...bytes.slice(0, at), 77, 78, ...bytes.slice(at)])
        const fails = async (input: Uint8Array): Promise<boolean> => text(input).includes('MN')
        expect([...(await shrink(bad, fails, 2_000))]).toEqual([77, 78])
      }),
      { numRuns: 200 },
    )
  })

  it('minimiseCorpus keeps every block and prefers small inputs', () => {
    const bytes = (length: number): Uint8Array => new Uint8Array(length)
    const kept = minimiseCorpus([
      { bytes: bytes(9), blocks: ['a', 'b', 'c'] },
      { bytes: bytes(1), blocks: ['a'] },
      { bytes: bytes(2), blocks: ['a', 'b'] },
      { bytes: bytes(5), blocks: ['b'] },
    ])
    expect(kept.map(({ length }) => length)).toEqual([1, 2, 9])
  })

  it('guardPrototypes puts back what was added, replaced and removed', () => {
    const guard = guardPrototypes()
    const at = Object.getOwnPropertyDescriptor(Array.prototype, 'at')!
    // oxlint-disable-next-line no-extend-native -- what the guard is for
    Array.prototype.at = () => 'replaced'
    delete (String.prototype as { at?: unknown }).at
    Object.assign(Map.prototype, { extra: 1 })
    expect(guard.restore()).toEqual(['Array.prototype.at', 'String.prototype.at', 'Map.prototype.extra'])
    expect(Object.getOwnPropertyDescriptor(Array.prototype, 'at')).toEqual(at)
    expect('x'.at(0)).toBe('x')
    expect(guard.restore()).toEqual([])
  })

  it('runBounded returns, throws and ends', () => {
    expect(runBounded(() => 5, 100)).toBe(5)
    expect(() => runBounded(() => JSON.parse('{'), 100)).toThrow(SyntaxError)
    expect(
      runBounded(() => {
        for (;;);
      }, 10),
    ).toBe(ranForever)
  })
})
