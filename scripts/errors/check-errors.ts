import type { RegisteredError } from './collect-errors.ts'
import { documentedCodes, renderErrorReference } from './error-reference.ts'

/** What errors are checked against. */
export interface ErrorEvidence {
  readonly errors: readonly RegisteredError[]
  /** The text of docs/errors.md. */
  readonly reference: string
  /** The published source files, registries included: path below the root → text. */
  readonly sources: ReadonlyMap<string, string>
}

/** Registries, reference and source must agree both ways. Each problem is one line. */
export function checkErrors({ errors, reference, sources }: ErrorEvidence): readonly string[] {
  const registered = new Set(errors.map(({ code }) => code))
  const documented = new Set(documentedCodes(reference))
  const missing = errors
    .filter(({ code }) => !documented.has(code))
    .map(({ code, file }) => `${file}: ${code} is not in docs/errors.md.`)
  const unknown = [...documented]
    .filter((code) => !registered.has(code))
    .map((code) => `docs/errors.md: ${code} is in no registry.`)
  const stale = missing.length + unknown.length === 0 && reference !== renderErrorReference(errors)
  return [
    ...missing,
    ...unknown,
    ...(stale ? ['docs/errors.md: out of date. "npm run fix" writes it again.'] : []),
    ...errors.flatMap((error) => problemsOf(error).map((problem) => `${error.file}: ${error.code} ${problem}`)),
    ...duplicates(errors),
    ...unused(errors, sources),
  ]
}

function problemsOf({ code, packageId, definition: { message, help } }: RegisteredError): readonly string[] {
  const prefix = `${packageId.toUpperCase()}_`
  return [
    ...(code.startsWith(prefix) && /^[A-Z][A-Z0-9_]*$/.test(code)
      ? []
      : [`must be upper case and start with ${prefix}`]),
    ...(/[.!?:}]$/.test(message.trim()) ? [] : ['has a message that is no sentence.']),
    ...((help ?? '').trim() === '' ? ['has no help.'] : []),
  ]
}

function duplicates(errors: readonly RegisteredError[]): readonly string[] {
  return errors
    .filter(({ code }, index) => errors.findIndex((other) => other.code === code) !== index)
    .map(({ code, file }) => `${file}: ${code} is registered twice.`)
}

/** A code is used where source other than its registry names it. */
function unused(errors: readonly RegisteredError[], sources: ReadonlyMap<string, string>): readonly string[] {
  const words = [...sources].map(([file, text]) => ({
    file,
    codes: new Set(withoutComments(text).match(/\b[A-Z][A-Z0-9_]+\b/g)),
  }))
  return errors
    .filter(({ code, file }) => !words.some((source) => source.file !== file && source.codes.has(code)))
    .map(({ code, file }) => `${file}: ${code} is thrown nowhere.`)
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
