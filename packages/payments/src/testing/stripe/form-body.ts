/** A parameter of the Stripe API after decoding: text, or nested by names and indexes. */
export type FormValue = string | FormParameters | FormValue[]

/** Parameters by name. */
export interface FormParameters {
  [name: string]: FormValue
}

/** Decodes `a[b][0]=c` as Stripe's API takes its parameters: from the form body of a POST, or from the query of a GET. */
export function decodeForm(pairs: Iterable<readonly [string, string]>): FormParameters {
  const root: FormParameters = Object.create(null)
  for (const [name, value] of pairs) {
    const path = name.split(/\[|\]\[|\]/).filter((part, index, parts) => part !== '' || index < parts.length - 1)
    put(root, path, value)
  }
  return listed(root) as FormParameters
}

function put(target: FormParameters, path: readonly string[], value: string): void {
  let here = target
  for (const part of path.slice(0, -1)) {
    const next = here[part === '' ? String(Object.keys(here).length) : part]
    here =
      typeof next === 'object' && !Array.isArray(next) ? next : (here[part] = Object.create(null) as FormParameters)
  }
  const last = path.at(-1)!
  here[last === '' ? String(Object.keys(here).length) : last] = value
}

/** Objects whose names are 0, 1, 2, … become lists. */
function listed(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, each]) => [name, listed(each)] as const)
  if (entries.length > 0 && entries.every(([name], index) => name === String(index)))
    return entries.map(([, each]) => each)
  return Object.assign(Object.create(null) as FormParameters, Object.fromEntries(entries))
}
