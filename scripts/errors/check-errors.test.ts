import { describe, expect, it } from 'vitest'
import { checkErrors, type ErrorEvidence } from './check-errors.ts'
import { collectErrors, type RegisteredError } from './collect-errors.ts'
import { documentedCodes, renderErrorReference } from './error-reference.ts'

const full: RegisteredError = {
  code: 'CORE_DISK_FULL',
  packageId: 'core',
  file: 'packages/core/src/disk/errors.ts',
  definition: {
    message: 'The disk that holds {path} is full.',
    help: 'Free some space.',
    retryable: true,
    status: 507,
  },
}
const sources = new Map([
  [full.file, 'CORE_DISK_FULL: {}'],
  ['packages/core/src/disk/write.ts', 'throw diskErrors.CORE_DISK_FULL({ path })'],
])

function check(change: Partial<ErrorEvidence> = {}): readonly string[] {
  const errors = change.errors ?? [full]
  return checkErrors({ errors, reference: renderErrorReference(errors), sources, ...change })
}

describe('checkErrors', () => {
  it('is content when registry, reference and source agree', () => {
    expect(check()).toEqual([])
  })

  it('names a code that is not documented, and a documented one that is not registered', () => {
    expect(check({ reference: '' })).toEqual([`${full.file}: CORE_DISK_FULL is not in docs/errors.md.`])
    const reference = `${renderErrorReference([full])}\n### CORE_DISK_GONE\n`
    expect(check({ reference })).toEqual(['docs/errors.md: CORE_DISK_GONE is in no registry.'])
  })

  it('sees that the text is out of date', () => {
    const reference = renderErrorReference([full]).replace('Free some space', 'Buy a disk')
    expect(check({ reference })).toEqual(['docs/errors.md: out of date. "npm run fix" writes it again.'])
  })

  it('names a code that nothing throws, also when only a comment mentions it', () => {
    const unthrown = new Map([
      [full.file, 'CORE_DISK_FULL: {}'],
      [
        'packages/core/src/disk/write.ts',
        '/** @throws `CORE_DISK_FULL` */\n  // CORE_DISK_FULL\nwrite(CORE_DISK_FULL_2)',
      ],
    ])
    expect(check({ sources: unthrown })).toEqual([`${full.file}: CORE_DISK_FULL is thrown nowhere.`])
  })

  it('holds codes to the package prefix, and texts to being sentences', () => {
    const sloppy = { ...full, code: 'DISK_FULL', definition: { message: 'full', help: ' ' } }
    const used = new Map([['a.ts', 'DISK_FULL']])
    expect(check({ errors: [sloppy], sources: used })).toEqual([
      `${full.file}: DISK_FULL must be upper case and start with CORE_`,
      `${full.file}: DISK_FULL has a message that is no sentence.`,
      `${full.file}: DISK_FULL has no help.`,
    ])
  })

  it('names a code that is registered twice', () => {
    const again = { ...full, file: 'packages/core/src/storage/errors.ts' }
    expect(check({ errors: [full, again] })).toContain(`${again.file}: CORE_DISK_FULL is registered twice.`)
  })
})

describe('the registries of this repository', () => {
  it('are found, and the reference documents each of them', async () => {
    const errors = await collectErrors()
    expect(errors.map(({ code }) => code)).toContain('CORE_DURATION_INVALID')
    expect(documentedCodes(renderErrorReference(errors)).toSorted()).toEqual(errors.map(({ code }) => code).toSorted())
  })

  it('are written so that Markdown shows the text as it is', () => {
    const definition = { message: 'Use <a> or *b*.', help: 'See [x].' }
    const text = renderErrorReference([{ ...full, definition }])
    expect(text).toContain(String.raw`> Use \<a\> or \*b\*.`)
  })
})
