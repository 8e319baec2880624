/** The field that has the values of all others. */
export const allValues = 'all_values'

const value = {
  type: 'keyword',
  // Lucene takes no term of more than 32,766 bytes; a unit of UTF-16 becomes three at most.
  ignore_above: 8_191,
  copy_to: allValues,
  fields: {
    tokens: { type: 'text', analyzer: 'log_tokens', norms: false },
    number: { type: 'double', ignore_malformed: true },
  },
} as const

/**
 * The index template under which {@link elasticsearchSearch} finds what the embedded store finds: every value is kept as it is,
 * by its tokens (`[A-Za-z0-9_]+`, ASCII letters of either case) and as a number where it is one; `all_values` has those of all
 * fields. Put it at `_index_template/<name>` before lines are shipped, for Elasticsearch 8 and 9 or OpenSearch.
 *
 * @example
 * ```ts
 * import { elasticsearchSearchTemplate } from '@exprsn/logs/search'
 *
 * const template = elasticsearchSearchTemplate('logs-shop-production')
 * console.log(template.index_patterns) // [ 'logs-shop-production' ]
 * ```
 */
export function elasticsearchSearchTemplate(index: string): ElasticsearchSearchTemplate {
  const kinds = ['string', 'long', 'double', 'boolean']
  return {
    index_patterns: [index],
    data_stream: {},
    priority: 300,
    template: {
      settings: {
        analysis: {
          tokenizer: { log_tokens: { type: 'pattern', pattern: '[^A-Za-z0-9_]+' } },
          analyzer: { log_tokens: { type: 'custom', tokenizer: 'log_tokens', filter: ['lowercase'] } },
        },
      },
      mappings: {
        date_detection: false,
        properties: {
          '@timestamp': { type: 'date' },
          'log.level': { type: 'keyword' },
          [allValues]: { type: 'keyword', ignore_above: value.ignore_above, fields: value.fields },
        },
        dynamic_templates: kinds.map((kind) => ({ [kind]: { match_mapping_type: kind, mapping: value } })),
      },
    },
  }
}

/** What Elasticsearch takes at `_index_template/<name>`. */
export interface ElasticsearchSearchTemplate {
  /** The data stream. */
  readonly index_patterns: readonly string[]
  /** Lines are only added. */
  readonly data_stream: object
  /** Before the template of the sink. */
  readonly priority: number
  /** Settings and mappings. */
  readonly template: object
}
