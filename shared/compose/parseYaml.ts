import type { Findings } from './Findings.ts';
import type { Located } from './Located.ts';
import { parseYamlDocuments } from './parseYamlDocuments.ts';

/**
 * Reads a YAML file of one document into values with their places; undefined when it cannot be made sense of (the findings say why).
 */
export function parseYaml(file: string, text: string, findings: Findings): Located | undefined {
  return parseYamlDocuments(file, text, findings)[0];
}
