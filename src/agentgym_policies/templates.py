"""Chat templates by name, for tokenizers that bring none.

Each writes the format that the models of that name were trained with. Where a
template has room for it, replies are marked as ``generation``, so that libraries
which ask for a mask of the assistant's tokens get one.
"""

from __future__ import annotations

from agentgym_envs.errors import BadOption

# Published by OpenAI, used by Qwen and many others.
CHATML = """\
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\\n' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- message.content + '<|im_end|>' -}}{%- endgeneration -%}
{%- else -%}{{- message.content + '<|im_end|>' -}}{%- endif -%}
{{- '\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"""

# Meta's model card of Llama 3: contents are stripped.
LLAMA3 = """\
{{- bos_token -}}
{%- for message in messages -%}
{{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- message.content | trim + '<|eot_id|>' -}}{%- endgeneration -%}
{%- else -%}{{- message.content | trim + '<|eot_id|>' -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
{%- endif -%}"""

# Mistral's v3 tokenizer: no generation prompt, no system role; the rules stand in
# the first message.
MISTRAL = """\
{{- bos_token -}}
{%- for message in messages -%}
{%- if message.role == 'user' -%}{{- '[INST] ' + message.content + '[/INST]' -}}
{%- elif message.role == 'assistant' -%}
{%- generation -%}{{- ' ' + message.content + eos_token -}}{%- endgeneration -%}
{%- else -%}{{- raise_exception('there is no such role: ' + message.role) -}}
{%- endif -%}
{%- endfor -%}"""

# Qwen 3: ChatML, whose last reply has a block of thoughts; those of earlier replies
# are forgotten, and enable_thinking=false begins a reply with an empty block.
THINKING = """\
{%- set state = namespace(last=-1) -%}
{%- for message in messages -%}
{%- if message.role == 'user' -%}{%- set state.last = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\\n' -}}
{%- if message.role == 'assistant' -%}
{%- set parts = message.content.split('</think>') -%}
{%- set answer = parts[-1].lstrip('\\n') -%}
{%- set thought = parts[0].split('<think>')[-1].strip('\\n') -%}
{%- if parts | length < 2 -%}{%- set thought = '' -%}{%- endif -%}
{%- generation -%}
{%- if loop.index0 > state.last -%}
{{- '<think>\\n' + thought + '\\n</think>\\n\\n' -}}
{%- endif -%}
{{- answer + '<|im_end|>' -}}
{%- endgeneration -%}
{%- else -%}{{- message.content + '<|im_end|>' -}}{%- endif -%}
{{- '\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|im_start|>assistant\\n' -}}
{%- if enable_thinking is defined and not enable_thinking -%}
{{- '<think>\\n\\n</think>\\n\\n' -}}
{%- endif -%}
{%- endif -%}"""

# A small model of our own has one token for each mark, and no tokens to waste.
BRIEF = """\
{%- for message in messages -%}
{{- '<|' + message.role + '|>' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- message.content + '<|end|>' -}}{%- endgeneration -%}
{%- else -%}{{- message.content + '<|end|>' -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"""

TEMPLATES = {
    "chatml": CHATML,
    "llama3": LLAMA3,
    "mistral": MISTRAL,
    "thinking": THINKING,
    "brief": BRIEF,
}


def template_of(name: str) -> str:
    """The template of this name; a text with braces is one already.

    Raises:
        BadOption: if there is none.
    """
    if "{" in name:
        return name
    if name not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise BadOption(f"there is no chat template {name!r}; there are {known}")
    return TEMPLATES[name]
