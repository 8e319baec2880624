import { quote } from './quote.ts'

/** Fields that a query asks of, each under a label of its own that the line does not have. */
export class ExtractedLabels {
  readonly #labels = new Map<string, string>()

  /** The label of a field. */
  of(field: string): string {
    let label = this.#labels.get(field)
    if (label === undefined) {
      label = `exprsn_${this.#labels.size}`
      this.#labels.set(field, label)
    }
    return label
  }

  /** The stages that make the labels. A line that is no JSON has none of them, which is no error. */
  get stages(): string {
    if (this.#labels.size === 0) return ''
    const pairs = Array.from(this.#labels, ([field, label]) => `${label}=${quote(expressionOf(field))}`)
    return ` | json ${pairs.join(', ')} | drop __error__, __error_details__`
  }
}

/** Keys joined by dots, each in brackets that a plain name does not need. */
function expressionOf(field: string): string {
  return field
    .split('.')
    .map((key, index) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${index === 0 ? '' : '.'}${key}` : `[${quote(key)}]`))
    .join('')
}
