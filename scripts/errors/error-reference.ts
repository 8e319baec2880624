import type { RegisteredError } from './collect-errors.ts'

const introduction = `# Errors

Every fault that a package throws is an \`ExprsnError\` with one of these codes. Recognise it with \`ExprsnError.is(error)\`
and branch on \`error.code\`; \`error.retryable\` says whether the same call may succeed later without any change.

This file is generated from the registries in the source: \`npm run fix\` writes it again.
`

/** The text of docs/errors.md: one section per package, one entry per code. */
export function renderErrorReference(errors: readonly RegisteredError[]): string {
  const packages = [...new Set(errors.map(({ packageId }) => packageId))]
  const sections = packages.map((id) => {
    const own = errors.filter(({ packageId }) => packageId === id)
    return `## @exprsn/${id}\n\n${own.toSorted(byCode).map(renderError).join('\n')}`
  })
  return [introduction, ...sections].join('\n')
}

function byCode(left: RegisteredError, right: RegisteredError): number {
  return left.code < right.code ? -1 : 1
}

function renderError({ code, definition }: RegisteredError): string {
  const { message, help, retryable = false, status = 500 } = definition
  const facts = `Retryable: ${retryable ? 'yes' : 'no'} · HTTP status: ${status}`
  return `### ${code}\n\n> ${escape(message)}\n\n${escape(help)}\n\n${facts}\n`
}

/** Keeps Markdown from reading the text as markup. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ')
}

/** The codes that an error reference documents. */
export function documentedCodes(reference: string): readonly string[] {
  return [...reference.matchAll(/^### ([A-Z][A-Z0-9_]+)$/gm)].map(([, code]) => code!)
}
