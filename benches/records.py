#!/usr/bin/env python3
"""Writes COUNT labelled records of about 2,000 Han characters each, the same in every run.

    python3 benches/records.py 50000 > records.txt
"""

import random
import sys

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


def words(shortest, longest):
    return "".join(random.choices(HAN, k=random.randint(shortest, longest)))


random.seed(5)
sentences = [words(12, 40) + "。" for _ in range(20_000)]
terms = [words(2, 5) for _ in range(6_000)]
for number in range(int(sys.argv[1])):
    text = ""
    while len(text) < 2_000:
        text += random.choice(sentences)
    print(f"标题: 第{number}篇{words(14, 14)}")
    print(f"链接: https://news.example.com/a/{number}?utm_source=x")
    print(f"总结: {text}举报/反馈")
    print(f"关键词: {', '.join(random.sample(terms, 5))}")
    print(f"AI技术: {'、'.join(random.sample(terms, 3))}")
    print(f"行业: {'，'.join(random.sample(terms, 2))}")
    print(f"重大事件摘要: {random.choice(sentences)}")
    print(f"日期: 2024-01-{number % 28 + 1:02}\n")
