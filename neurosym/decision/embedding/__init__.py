"""What a program that embeds the engine has to do with: its own objects as input, models and schemas of ours."""
