import { describe, expect, it } from 'vitest'
import { changesetProblems, checkChangesetConfig } from './changeset-config.ts'
import { checkSteps } from './check-steps.ts'
import { hygieneProblems } from './hygiene.ts'
import { brokenLinks } from './markdown-links.ts'
import { describeStep, runSteps } from './run-steps.ts'
import { trackedTextFiles } from './tracked-files.ts'

describe('brokenLinks', () => {
  const links = (text: string): readonly string[] =>
    brokenLinks({
      documents: new Map([
        ['docs/guide.md', text],
        [
          'README.md',
          '# The *first*: A & B!\n\n## Twice\n\n## Twice\n\n```md\n# Not a heading\n```\n\n<a id="old"></a>\n',
        ],
      ]),
      exists: (path) => path === 'scripts/x.mjs' || path === 'docs',
    })

  it.each([
    '[a](../README.md)',
    '[a](../README.md#the-first-a--b)',
    '[a](../README.md#twice-1 "title")',
    '[a](../README.md#old)',
    '[a](../scripts/x.mjs) and [b](../docs/)',
    '[a](https://example.org/x) [b](mailto:a@example.org)',
    '# Own\n\n[a](#own)',
    '```md\n[a](nowhere.md)\n```\n`[a](nowhere.md)`',
  ])('is content with %j', (text) => {
    expect(links(text)).toEqual([])
  })

  it.each([
    ['[a](nowhere.md)', 'docs/guide.md:1 "nowhere.md" leads to no file.'],
    ['one\n\n![a](../no.png)', 'docs/guide.md:3 "../no.png" leads to no file.'],
    ['[a]: nowhere.md', 'docs/guide.md:1 "nowhere.md" leads to no file.'],
    ['[a](../README.md#thrice)', 'docs/guide.md:1 "../README.md#thrice" names a heading that is not in README.md.'],
    [
      '[a](../README.md#not-a-heading)',
      'docs/guide.md:1 "../README.md#not-a-heading" names a heading that is not in README.md.',
    ],
    ['[a](#missing)', 'docs/guide.md:1 "#missing" names a heading that is not in docs/guide.md.'],
    ['[a](../../other/x.md)', 'docs/guide.md:1 "../../other/x.md" leads out of the repository.'],
    ['[a](/README.md)', 'docs/guide.md:1 "/README.md" is absolute: link relative to the document.'],
  ])('finds the fault in %j', (text, problem) => {
    expect(links(text)).toEqual([problem])
  })
})

describe('hygieneProblems', () => {
  // Forbidden words are put together here as well, so that this file passes the check that it tests.
  it.each([
    ['docs/a.md', `see ${'/home'}/someone/notes`, 'a path of one machine'],
    ['docs/a.md', `in ${'/root'}/project`, 'a path of one machine'],
    ['.npmrc', `registry=https://${'registry'}.npmjs.org`, 'the host of a package registry'],
    ['packages/core/src/a/b.ts', `// ${'TO'}DO later`, 'unfinished work'],
    ['packages/core/src/a/b.test.ts', `it.${'only'}('x', () => {})`, 'a test that silences the others'],
    [
      'packages/core/src/a/b.test.ts',
      `describe.${'skip'}('x', () => {})`,
      'a skipped test without its reason on the same line',
    ],
  ])('finds what must not stand in %s: %s', (file, text, problem) => {
    const found = hygieneProblems(new Map([[file, `fine\n${text}`]]))
    expect(found).toEqual([expect.stringContaining(`${file}:2 ${problem}: `)])
  })

  it.each([
    ['docs/a.md', `a ${'TO'}DO list, /var/backups/app, ./home/x, https://example.org/home/x`],
    ['packages/core/src/a/b.test.ts', `it.${'skip'}('x', () => {}) // needs Windows`],
    ['packages/core/src/a/b.test.ts', `reader.${'skip'}(4); context.${'skip'}('no server')`],
  ])('lets pass in %s: %s', (file, text) => {
    expect(hygieneProblems(new Map([[file, text]]))).toEqual([])
  })
})

describe('changesetProblems', () => {
  it('accepts the configuration of this repository', () => {
    expect(checkChangesetConfig()).toEqual([])
  })

  it('names a package that is missing, one that is too many, and a private release', () => {
    const text = JSON.stringify({ fixed: [['@exprsn/core', '@exprsn/gone']], access: 'restricted' })
    expect(changesetProblems(text, ['@exprsn/core', '@exprsn/logs'])).toEqual([
      '.changeset/config.json: "fixed" must name @exprsn/logs: one version line.',
      '.changeset/config.json: "fixed" names @exprsn/gone, which is no package.',
      '.changeset/config.json: "access" must be "public".',
      '.changeset/config.json: "baseBranch" is missing.',
    ])
    expect(changesetProblems(undefined, [])).toEqual(['.changeset/config.json is missing.'])
  })
})

describe('runSteps', () => {
  it('runs every step, also after one that fails or throws, and tells each as it ends', async () => {
    const printed: string[] = []
    const results = await runSteps(
      [
        { name: 'one', run: async () => [] },
        { name: 'two', run: async () => ['a:1 wrong'] },
        { name: 'three', run: () => Promise.reject(new Error('tool is missing')) },
        { name: 'four', run: async ({ areas }) => areas.map(({ name }) => `${name} was given`) },
      ],
      { files: new Map(), areas: [], passed: { has: () => false, add: () => {} } },
      (result) => printed.push(describeStep({ ...result, seconds: 1.26 })),
    )
    expect(results.map(({ problems }) => problems)).toEqual([[], ['a:1 wrong'], ['tool is missing'], []])
    expect(printed.toSorted()).toEqual([
      '✓ four           1.3 s',
      '✓ one            1.3 s',
      '✗ three          1.3 s\n  tool is missing',
      '✗ two            1.3 s\n  a:1 wrong',
    ])
  })

  it('has each step once', () => {
    const names = checkSteps.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('trackedTextFiles', () => {
  it('sees sources, also new ones, and neither lockfiles nor installed packages', async () => {
    const files = [...(await trackedTextFiles()).keys()]
    expect(files).toContain('scripts/check/check.test.ts')
    expect(files.filter((file) => /node_modules|pnpm-lock/.test(file))).toEqual([])
  })
})
