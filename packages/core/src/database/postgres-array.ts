/**
 * A list as one parameter of a statement on PostgreSQL, where it is cast: `cast($1 as text[])`
 * (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO).
 */
export function postgresArray(values: readonly (string | number | null)[]): string {
  return `{${values.map(element).join()}}`
}

function element(value: string | number | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  // Looked for first: most texts have nothing to escape.
  return /["\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `"${value}"`
}
