import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../lib/packages.ts'
import { checkSnippets } from './check-snippets.ts'
import { extractSnippets } from './extract-snippets.ts'
import { openWorkbench } from './workbench.ts'

const fence = '```'

describe('extractSnippets', () => {
  it('takes the ts blocks of a Markdown file, with the line of their first code', () => {
    const text = [
      '# A',
      '',
      `${fence}ts`,
      'one()',
      'two()',
      fence,
      `${fence}sh`,
      'ls',
      fence,
      `${fence}tsx`,
      'x',
      fence,
    ]
    expect(extractSnippets('README.md', text.join('\n'))).toEqual([
      { file: 'README.md', line: 4, indent: 0, mode: 'run', reason: '', code: 'one()\ntwo()' },
    ])
  })

  it('takes the blocks of docstrings without their stars, and none outside of docstrings', () => {
    const text = [
      '/**',
      ' * Adds.',
      ` * ${fence}ts no-run`,
      ' * if (a)',
      ' *',
      ' *   b()',
      ` * ${fence}`,
      ' */',
      'const x = `',
      `${fence}ts`,
      '1',
      fence,
      '`',
    ]
    expect(extractSnippets('packages/core/src/a.ts', text.join('\n'))).toEqual([
      { file: 'packages/core/src/a.ts', line: 4, indent: 3, mode: 'no-run', reason: '', code: 'if (a)\n\n  b()' },
    ])
  })

  it('reads the mode and its reason', () => {
    const modes = ['no-check: shape only', 'no-check', 'no-run needs a server'].map((info) => {
      const [snippet] = extractSnippets('a.md', `${fence}ts ${info}\nx\n${fence}`)
      return [snippet?.mode, snippet?.reason]
    })
    expect(modes).toEqual([
      ['no-check', 'shape only'],
      ['no-check', ''],
      ['no-run', 'needs a server'],
    ])
  })
})

describe('checkSnippets', () => {
  it('reports each planted fault at its own line of the document, and nothing else', async () => {
    const sleep = `import { sleep } from '@exprsn/core'`
    const readme = document('docs/guide.md', [
      [
        `import { milliseconds, formatDuration } from '@exprsn/core'`,
        `if (milliseconds('1s') !== 1000) throw formatDuration(1)`,
      ],
      [`import { milliseconds } from '@exprsn/core'`, '', `milliseconds('1s').toFixt()`],
      ['export const fine = await Promise.resolve(1)'],
    ])
    const source = document('packages/core/src/planted.ts', [
      [`const answer: number = 42`, `if (answer === 42) throw new Error('thrown on purpose')`],
      [sleep, `void sleep('1ms').then(() => { throw new Error('nobody waits') })`, `await sleep('20ms')`],
      [sleep, `await sleep('1m')`],
      ['process.exit(3)'],
      ['while (true);'],
      [
        `import { writeFileSync, existsSync } from 'node:fs'`,
        `if (existsSync('left')) throw new Error()`,
        `writeFileSync('left', '')`,
      ],
      [
        `import { writeFileSync, existsSync } from 'node:fs'`,
        `if (existsSync('left')) throw new Error()`,
        `writeFileSync('left', '')`,
      ],
      ['no-run', `throw new Error('never executed')`],
      ['no-check for the test', 'this is: no code'],
      ['no-check', 'nor this'],
    ])
    const problems = await checkSnippets([...readme, ...source], { limit: 1_000 })
    const found = problems.map(({ file, line, message }) => `${file}:${line} ${message.split('\n')[0]}`).sort()
    expect(found).toEqual([
      expect.stringMatching(/^docs\/guide\.md:11 TS2339: .*toFixt/),
      expect.stringMatching(/^docs\/guide\.md:11 TypeError: .*toFixt is not a function/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:14 Error: It did not end within 1000 ms/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:19 It ended the process with exit code 3/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:23 It blocked the process/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:4 Error: thrown on purpose/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:46 "no-check" must say why/),
      expect.stringMatching(/^packages\/core\/src\/planted\.ts:9 Error: nobody waits/),
    ])
  }, 60_000)

  it('remembers under a name what was checked, and sees what has changed since', async () => {
    const name = `test-${process.pid}`
    const check = (line: string) => checkSnippets(document('docs/guide.md', [['no-run', line]]), { name })
    try {
      expect(await check('export const answer: number = 42')).toEqual([])
      expect(await check('export const answer: number = 42')).toEqual([])
      expect(await check(`export const answer: number = 'six'`)).toEqual([
        expect.objectContaining({ line: 4, message: expect.stringMatching(/^TS2322/) }),
      ])
      expect(await check('export const answer: number = 43')).toEqual([])
    } finally {
      rmSync(join(root, `node_modules/.cache/check/${name}.tsbuildinfo`), { force: true })
    }
  }, 120_000)

  it('executes what is not known to pass as it is, and tells of what passed', async () => {
    const throws = [`throw new Error('x')`]
    const snippets = ['core', 'geo', 'logs'].flatMap((id) =>
      document(`packages/${id}/README.md`, [id === 'core' ? ['export const fine = 1'] : throws]),
    )
    const passed: string[] = []
    const problems = await checkSnippets(snippets, {
      known: (group, [first]) => group === 'geo' && first!.code.includes('throw'),
      onPassed: (group, members) => passed.push(`${group} ${members.length}`),
    })
    expect(problems.map(({ file, message }) => `${file} ${message.split('\n')[0]}`)).toEqual([
      'packages/logs/README.md Error: x',
    ])
    expect(passed).toEqual(['core 1'])
  }, 60_000)

  it('lets another process that checks under the same name go on', () => {
    const name = `busy-${process.pid}`
    const first = openWorkbench(document('docs/guide.md', [['1']]), name)
    const second = openWorkbench(document('docs/guide.md', [['2']]), name)
    try {
      expect([first.name, second.name]).toEqual([name, undefined])
      expect(readFileSync(first.written[0]!.module, 'utf8').trim()).toBe('1')
    } finally {
      first.remove()
      second.remove()
    }
  })

  it('leaves no files behind', async () => {
    const before = leftovers()
    await checkSnippets(document('packages/logs/README.md', [[`throw new Error('x')`]]))
    expect(leftovers()).toEqual(before)
  }, 60_000)
})

/** Snippets as they would stand in a file: each block is followed by an empty line; a first line `no-…` is its mode. */
function document(file: string, blocks: readonly (readonly string[])[]) {
  const lines = blocks.flatMap(([first = '', ...rest]) => {
    const mode = first.startsWith('no-')
    return [`${fence}ts${mode ? ` ${first}` : ''}`, ...(mode ? rest : [first, ...rest]), fence, '']
  })
  const text = file.endsWith('.md')
    ? ['# Guide', '', ...lines]
    : ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */']
  return extractSnippets(file, text.join('\n'))
}

function leftovers(): readonly string[] {
  const folders = ['.snippets', 'packages/core/.snippets', 'packages/logs/.snippets']
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder)).filter((name) => name.includes(`-${process.pid}-`))
    } catch {
      return []
    }
  })
}
