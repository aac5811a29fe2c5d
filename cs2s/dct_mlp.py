"""placeholder until the researched module lands"""
