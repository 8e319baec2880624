import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../lib/packages.ts'
import { capture } from '../lib/run.ts'

// One planted fault per promise of .oxlintrc.json: file, the rule that must fire, and the code.
const faults: readonly (readonly [string, string, string])[] = [
  [
    'packages/a/src/floating.ts',
    'typescript(no-floating-promises)',
    'export function f(): void { Promise.resolve(1) }',
  ],
  ['packages/a/src/misused.ts', 'typescript(no-misused-promises)', '[1].forEach(async () => {})'],
  ['packages/a/src/thenable.ts', 'typescript(await-thenable)', 'await 1'],
  [
    'packages/a/src/switch.ts',
    'typescript(switch-exhaustiveness-check)',
    `export function f(a: 'b' | 'c'): void { switch (a) { case 'b': } }`,
  ],
  ['packages/a/src/any.ts', 'typescript(no-explicit-any)', 'export const a: any = 1'],
  [
    'packages/a/src/types.ts',
    'typescript(consistent-type-imports)',
    `import { A } from './cycle.ts'\nexport const a: A = {}`,
  ],
  ['packages/a/src/default.ts', 'import(no-default-export)', 'export default 1'],
  [
    'packages/a/src/cycle.ts',
    'import(no-cycle)',
    `import { b } from './cycle-back.ts'\nexport interface A {}\nexport const a = (): unknown => b`,
  ],
  [
    'packages/a/src/cycle-back.ts',
    'import(no-cycle)',
    `import { a } from './cycle.ts'\nexport const b = (): unknown => a`,
  ],
  ['packages/a/src/console.ts', 'eslint(no-console)', 'console.log(1)'],
  ['packages/a/src/lines.ts', 'eslint(max-lines)', 'export {}\n'.padEnd(520, '\n')],
  [
    'packages/a/src/focused.test.ts',
    'vitest(no-focused-tests)',
    `import { expect, it } from 'vitest'\nit.${'only'}('a', () => expect(1).toBe(1))`,
  ],
  [
    'packages/a/src/disabled.test.ts',
    'vitest(no-disabled-tests)',
    `import { expect, it } from 'vitest'\nit.${'skip'}('a', () => expect(1).toBe(1))`,
  ],
  ['packages/a/src/empty.test.ts', 'vitest(expect-expect)', `import { it } from 'vitest'\nit('a', () => {})`],
  ['packages/a/src/sibling.test.ts', 'architecture(sibling-imports)', `import '@exprsn/logs'`],
  ['packages/a/src/clock.ts', 'architecture(ambient)', 'export const now = (): number => Date.now()'],
]

describe('.oxlintrc.json', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oxlint-')))
  let diagnostics: readonly { readonly filename: string; readonly code: string }[] = []

  beforeAll(async () => {
    const config = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { jsPlugins: readonly string[] }
    const jsPlugins = config.jsPlugins.map((plugin) => join(root, plugin))
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
    }
    write('.oxlintrc.json', JSON.stringify({ ...config, jsPlugins }))
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['packages'] }))
    write('package.json', '{ "type": "module" }')
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [file, , code] of faults) write(file, code)
    const { stdout } = await capture('oxlint', ['--type-aware', '--format', 'json', 'packages'], {
      cwd: folder,
      timeout: 30_000,
    })
    diagnostics = JSON.parse(stdout).diagnostics
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(faults)('in %s, %s fires', (file, rule) => {
    const codes = diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code)
    expect(codes).toContain(rule)
  })

  function write(file: string, content: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
})
